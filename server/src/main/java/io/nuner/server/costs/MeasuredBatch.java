package io.nuner.server.costs;

/**
 * How long a batch of one shape took. Immutable.
 *
 * @param shape what ran
 * @param nanos the median of its runs
 */
public record MeasuredBatch(BatchShape shape, long nanos) {
    public MeasuredBatch {
        if (nanos < 1) {
            throw new IllegalArgumentException("nanos must be at least 1, but was " + nanos);
        }
    }
}
