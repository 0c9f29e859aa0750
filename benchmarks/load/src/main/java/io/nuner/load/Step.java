package io.nuner.load;

import java.time.Duration;
import java.util.Locale;

/**
 * A part of a run: calls arrive at a rate that changes evenly, or a number of calls is kept in flight.
 * Immutable.
 *
 * @param fromPerSecond arrivals per second at the beginning; 0 in a closed loop
 * @param toPerSecond arrivals per second at the end
 * @param concurrency calls in flight in a closed loop, 0 in an open one
 */
public record Step(double fromPerSecond, double toPerSecond, int concurrency, Duration duration) {
    /** Arrivals per second at most. */
    public static final double MAX_RATE = 100_000;

    /** Calls in flight at most, in a closed loop. */
    public static final int MAX_CONCURRENCY = 10_000;

    /** Longest duration of a step, and of a whole run. */
    public static final Duration MAX_DURATION = Duration.ofHours(2);

    public Step {
        boolean open = concurrency == 0;
        String key = fromPerSecond == toPerSecond ? "rate" : "ramp";
        requireRate(key, fromPerSecond);
        requireRate(key, toPerSecond);
        if (open && fromPerSecond + toPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "rate must be above 0 and at most " + (int) MAX_RATE + " per second, but was 0");
        }
        if (!open && fromPerSecond + toPerSecond > 0) {
            throw new IllegalArgumentException("rate must not be given for a closed loop");
        }
        if (concurrency < 0 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency must be 1 to " + MAX_CONCURRENCY + ", but was " + concurrency);
        }
        if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration must be above 0 and at most " + MAX_DURATION.toMinutes()
                    + "m, but was " + duration.toMillis() + "ms");
        }
    }

    /** Arrivals at one rate. */
    public static Step constant(double perSecond, Duration duration) {
        return new Step(perSecond, perSecond, 0, duration);
    }

    /** Arrivals at a rate that grows or falls evenly. */
    public static Step ramp(double fromPerSecond, double toPerSecond, Duration duration) {
        return new Step(fromPerSecond, toPerSecond, 0, duration);
    }

    /** A number of calls kept in flight: each is followed by the next. */
    public static Step closed(int concurrency, Duration duration) {
        if (concurrency < 1) {
            throw new IllegalArgumentException(
                    "concurrency must be 1 to " + MAX_CONCURRENCY + ", but was " + concurrency);
        }
        return new Step(0, 0, concurrency, duration);
    }

    /** True if arrivals do not wait for answers. */
    public boolean isOpen() {
        return concurrency == 0;
    }

    /** The same load for another time, as it is at the beginning of this step. */
    Step beginningFor(Duration other) {
        double rate = fromPerSecond > 0 ? fromPerSecond : toPerSecond;
        return isOpen() ? constant(rate, other) : closed(concurrency, other);
    }

    /** Such as {@code 50/s}, {@code 50..500/s} or {@code 8 in flight}. */
    String label() {
        if (!isOpen()) {
            return concurrency + " in flight";
        }
        String from = number(fromPerSecond);
        return fromPerSecond == toPerSecond ? from + "/s" : from + ".." + number(toPerSecond) + "/s";
    }

    /**
     * Seconds after the beginning at which the expected number of arrivals reaches {@code arrivals}; NaN if it never does.
     * The inverse of {@code from * t + slope * t^2 / 2}.
     */
    double secondsUntil(double arrivals) {
        double slope = (toPerSecond - fromPerSecond) / seconds();
        double root = Math.sqrt(fromPerSecond * fromPerSecond + 2 * slope * arrivals);
        return arrivals == 0 ? 0 : 2 * arrivals / (fromPerSecond + root);
    }

    private double seconds() {
        return duration.toNanos() / 1e9;
    }

    private static String number(double rate) {
        String text = String.format(Locale.ROOT, "%.2f", rate);
        return text.replaceAll("\\.?0+$", "");
    }

    private static void requireRate(String key, double rate) {
        if (!(rate >= 0 && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(
                    key + " must be above 0 and at most " + (int) MAX_RATE + " per second, but was " + rate);
        }
    }
}
