/** Checkpoints of random weights in the shapes of the family. */
@NullMarked
package io.nuner.gputest.weights;

import org.jspecify.annotations.NullMarked;
