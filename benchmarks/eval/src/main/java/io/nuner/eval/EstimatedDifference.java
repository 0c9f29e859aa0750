package io.nuner.eval;

/**
 * A difference on the texts that were asked, and between which bounds it lies on other texts like them. Immutable.
 *
 * @param value of B minus that of A
 * @param low end of the interval
 * @param high end of the interval
 */
public record EstimatedDifference(double value, double low, double high) {}
