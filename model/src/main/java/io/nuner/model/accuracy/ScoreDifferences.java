package io.nuner.model.accuracy;

import io.nuner.model.Accuracy;

/** Counts differences of probabilities, in bounded memory whatever their number. One thread at a time. */
final class ScoreDifferences {
    /** A score above this is an entity's. */
    static final double THRESHOLD = 0.5;

    /** Differences are counted by steps of this size, rounded up. */
    private static final double STEP = 1e-4;

    private static final int STEPS = 10_000;
    private static final double DIGITS = 1e6;

    private final long[] counts = new long[STEPS + 1];
    private long count;
    private double sum;
    private double max;
    private long flips;

    void add(double exact, double rounded) {
        double difference = Math.abs(exact - rounded);
        counts[(int) Math.ceil(difference / STEP)]++;
        count++;
        sum += difference;
        max = Math.max(max, difference);
        flips += exact > THRESHOLD != rounded > THRESHOLD ? 1 : 0;
    }

    /** What was counted, with six digits. */
    Accuracy.Scores total() {
        double largest = digits(max);
        return new Accuracy.Scores(
                count,
                Math.min(largest, digits(count == 0 ? 0 : sum / count)),
                Math.min(largest, digits(STEP * stepOf((long) Math.ceil(0.999 * count)))),
                largest,
                flips);
    }

    /** The step up to which there are so many differences. */
    private int stepOf(long wanted) {
        int step = 0;
        long found = counts[0];
        while (found < wanted) {
            step++;
            found += counts[step];
        }
        return step;
    }

    private static double digits(double value) {
        return Math.rint(value * DIGITS) / DIGITS;
    }
}
