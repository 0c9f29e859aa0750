package io.nuner.load;

import io.nuner.load.StepReport.Millis;
import org.HdrHistogram.Histogram;

/** Measured times with three exact digits. One thread at a time. */
final class Times {
    private static final long NANOS_PER_MICRO = 1000;
    private static final int DIGITS = 3;

    private final Histogram micros = new Histogram(DIGITS);

    Times() {
        micros.setAutoResize(true);
    }

    void add(long nanos) {
        micros.recordValue(Math.max(0, nanos) / NANOS_PER_MICRO);
    }

    void addAll(Times other) {
        micros.add(other.micros);
    }

    void clear() {
        micros.reset();
    }

    long count() {
        return micros.getTotalCount();
    }

    Millis summary() {
        return Millis.of(micros);
    }

    /** The 99th percentile in milliseconds; 0 if there are none. */
    double p99Millis() {
        return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(99) / 1e3;
    }

    /** The median in nanoseconds, or what is given if there are none. */
    long medianNanos(long otherwise) {
        return micros.getTotalCount() == 0 ? otherwise : micros.getValueAtPercentile(50) * NANOS_PER_MICRO;
    }
}
