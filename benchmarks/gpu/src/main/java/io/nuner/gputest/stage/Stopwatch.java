package io.nuner.gputest.stage;

import java.util.Arrays;

/** Times of things done again and again, until there are enough or the time is up; of one at least. One thread at a time. */
final class Stopwatch {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final double[] millis;
    private final long beginNanos = System.nanoTime();
    private final long limitNanos;
    private int count;
    private long startNanos;

    Stopwatch(int most, double seconds) {
        millis = new double[most];
        limitNanos = (long) (seconds * NANOS_PER_SECOND);
    }

    boolean goesOn() {
        return count == 0 || (count < millis.length && System.nanoTime() - beginNanos < limitNanos);
    }

    void start() {
        startNanos = System.nanoTime();
    }

    void stop() {
        millis[count++] = (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    }

    double[] millis() {
        return Arrays.copyOf(millis, count);
    }
}
