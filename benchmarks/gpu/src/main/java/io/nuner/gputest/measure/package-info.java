/** Arithmetic of measurements: statistics, floating-point operations, windows of time. */
@NullMarked
package io.nuner.gputest.measure;

import org.jspecify.annotations.NullMarked;
