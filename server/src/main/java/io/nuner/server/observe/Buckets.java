package io.nuner.server.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The fixed bounds of a histogram, so that replicas can be added up. Values are whole numbers of a unit. Immutable. */
final class Buckets {
    private static final double NANO = 1e-9;
    private static final double MILLIONTH = 1e-6;

    private final double[] bounds;
    private final long[] limits;
    private final double unit;

    private Buckets(double unit, double... bounds) {
        this.unit = unit;
        this.bounds = DoubleStream.concat(DoubleStream.of(bounds), DoubleStream.of(Double.POSITIVE_INFINITY))
                .toArray();
        limits = DoubleStream.of(bounds)
                .mapToLong(bound -> Math.round(bound / unit))
                .toArray();
    }

    /** Nanoseconds, shown as seconds: from half a millisecond to a minute. */
    static Buckets seconds() {
        return new Buckets(
                NANO, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);
    }

    /** Millionths of a whole, in tenths. */
    static Buckets parts() {
        return new Buckets(MILLIONTH, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
    }

    /** Millionths of a quotient that should be one. */
    static Buckets quotients() {
        return new Buckets(MILLIONTH, 0.25, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 4);
    }

    /** Numbers from one to the given one, by doubling. */
    static Buckets counts(int most) {
        double[] powers = IntStream.rangeClosed(0, exponent(most))
                .mapToDouble(exponent -> 1L << exponent)
                .toArray();
        return new Buckets(1, powers);
    }

    /** Millionths of a quotient. */
    static long millionths(double quotient) {
        return Math.round(quotient / MILLIONTH);
    }

    int size() {
        return bounds.length;
    }

    /** The bucket of a value; the last one is for all above the bounds. */
    int place(long value) {
        int place = 0;
        while (place < limits.length && value > limits[place]) {
            place++;
        }
        return place;
    }

    /** A sum of values as it is shown. */
    double shown(long sum) {
        return sum * unit;
    }

    ClassicHistogramBuckets shown(long[] counts) {
        return ClassicHistogramBuckets.of(bounds, counts);
    }

    /** The exponent of the smallest power of two that is not below the value, which is at least 1. Keeps labels few. */
    static int exponent(int value) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(value - 1);
    }
}
