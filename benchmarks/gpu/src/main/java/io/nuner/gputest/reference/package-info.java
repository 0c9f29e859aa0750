/** The encoder as the reference implementation exports it: its graph, and runs of it on a GPU and on a CPU. */
@NullMarked
package io.nuner.gputest.reference;

import org.jspecify.annotations.NullMarked;
