/** What was asked for, and the stages there are. */
@NullMarked
package io.nuner.gputest.options;

import org.jspecify.annotations.NullMarked;
