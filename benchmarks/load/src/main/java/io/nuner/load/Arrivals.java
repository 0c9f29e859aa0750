package io.nuner.load;

import io.nuner.load.LoadSchedule.Spacing;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;

/**
 * The times at which the calls of an open-loop step arrive: nanoseconds since its beginning, ascending, a function of step,
 * spacing and seed alone. One thread at a time.
 */
final class Arrivals implements PrimitiveIterator.OfLong {
    private static final long NONE = -1;

    private final Step step;
    private final Spacing spacing;
    private final SplittableRandom random;
    private double expected;
    private long nextNanos;

    Arrivals(Step step, Spacing spacing, long seed) {
        if (!step.isOpen()) {
            throw new IllegalArgumentException("a closed loop has no arrivals");
        }
        this.step = step;
        this.spacing = spacing;
        this.random = new SplittableRandom(seed);
        this.expected = spacing.first(random);
        this.nextNanos = offsetNanos();
    }

    @Override
    public boolean hasNext() {
        return nextNanos != NONE;
    }

    @Override
    public long nextLong() {
        if (nextNanos == NONE) {
            throw new NoSuchElementException("the step has ended");
        }
        long result = nextNanos;
        expected += spacing.gap(random);
        nextNanos = offsetNanos();
        return result;
    }

    private long offsetNanos() {
        double nanos = step.secondsUntil(expected) * 1e9;
        boolean within = nanos < step.duration().toNanos(); // false for NaN: a falling rate never gets there
        return within ? (long) nanos : NONE;
    }
}
