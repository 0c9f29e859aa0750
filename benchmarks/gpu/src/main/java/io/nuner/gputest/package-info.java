/** The test of a GPU machine: one run of stages, each in a process of its own, in a given time. */
@NullMarked
package io.nuner.gputest;

import org.jspecify.annotations.NullMarked;
