@NullMarked
package io.nuner.gputest.weights;

import org.jspecify.annotations.NullMarked;
