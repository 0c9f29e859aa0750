package io.nuner.model.decode;

/** The logistic function as the reference computes it: every step in single precision. */
final class Probability {
    /** More than the single-precision steps can be off. */
    private static final double SLACK = 1e-6;

    private Probability() {}

    static float of(float logit) {
        return 1f / (1f + (float) Math.exp(-logit));
    }

    /** A logit that is not above this has no probability above the threshold; a logit above it may have one. */
    static float lowestLogitAbove(float threshold) {
        double lower = threshold - SLACK;
        return lower <= 0 ? Float.NEGATIVE_INFINITY : Math.nextDown((float) Math.log(lower / (1 - lower)));
    }
}
