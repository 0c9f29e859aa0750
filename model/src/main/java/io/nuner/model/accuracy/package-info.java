/** The gate of exports with rounded weights: sample texts, answers of both exports, their differences, bounds. */
@NullMarked
package io.nuner.model.accuracy;

import org.jspecify.annotations.NullMarked;
