package io.nuner.server.observe;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The fixed bounds of every histogram, so that replicas can be added up. Immutable. */
final class Buckets {
    private static final double SMALLEST = 1e-9;
    private static final double[] SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };
    private static final double[] PARTS = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    private static final double[] QUOTIENTS = {0.25, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 4};

    private Buckets() {}

    /** From half a millisecond to a minute. */
    static Timer.Builder seconds(String name, String help) {
        Duration[] bounds = DoubleStream.of(SECONDS)
                .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
                .toArray(Duration[]::new);
        return Timer.builder(name).description(help).serviceLevelObjectives(bounds);
    }

    /** Parts of a whole, in tenths. */
    static DistributionSummary.Builder parts(String name, String help) {
        return summary(name, help, PARTS);
    }

    /** Quotients that should be one. */
    static DistributionSummary.Builder quotients(String name, String help) {
        return summary(name, help, QUOTIENTS);
    }

    /** Numbers from one to the given one, by doubling. */
    static DistributionSummary.Builder counts(String name, String help, int most) {
        double[] bounds = IntStream.rangeClosed(0, PowersOfTwo.exponent(most))
                .mapToDouble(exponent -> 1L << exponent)
                .toArray();
        return summary(name, help, bounds);
    }

    private static DistributionSummary.Builder summary(String name, String help, double[] bounds) {
        return DistributionSummary.builder(name)
                .description(help)
                .minimumExpectedValue(SMALLEST)
                .serviceLevelObjectives(bounds);
    }
}
