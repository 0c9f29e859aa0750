package io.nuner.load;

import org.HdrHistogram.Histogram;

/**
 * A distribution of times in milliseconds; all 0 if there were none. Immutable.
 *
 * @param p999 the 99.9th percentile
 */
public record Millis(long count, double mean, double p50, double p90, double p99, double p999, double max) {
    private static final double MICROS_PER_MILLI = 1e3;

    /** What a histogram of microseconds says. */
    static Millis of(Histogram micros) {
        if (micros.getTotalCount() == 0) {
            return new Millis(0, 0, 0, 0, 0, 0, 0);
        }
        return new Millis(
                micros.getTotalCount(),
                micros.getMean() / MICROS_PER_MILLI,
                at(micros, 50),
                at(micros, 90),
                at(micros, 99),
                at(micros, 99.9),
                micros.getMaxValue() / MICROS_PER_MILLI);
    }

    private static double at(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }
}
