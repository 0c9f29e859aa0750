package io.nuner.gputest.measure;

import java.util.Arrays;

/** Numbers measured, in ascending order. Immutable. */
public final class Samples {
    private final double[] ascending;

    private Samples(double[] ascending) {
        this.ascending = ascending;
    }

    /**
     * Copies the numbers.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Samples copyOf(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("statistics need at least one value");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    /** Number of values. */
    public int count() {
        return ascending.length;
    }

    /** The middle one, or the mean of the two in the middle. */
    public double median() {
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /** The smallest value that the given share of all values does not exceed (nearest rank). */
    public double quantile(double share) {
        int rank = (int) Math.ceil(share * ascending.length);
        return ascending[Math.max(1, Math.min(ascending.length, rank)) - 1];
    }

    /** The largest. */
    public double max() {
        return ascending[ascending.length - 1];
    }
}
