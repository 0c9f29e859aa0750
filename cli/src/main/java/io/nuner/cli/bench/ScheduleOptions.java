package io.nuner.cli.bench;

import io.nuner.cli.common.Durations;
import io.nuner.load.LoadSchedule;
import io.nuner.load.LoadSchedule.Spacing;
import io.nuner.load.Step;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code nuner bench} that say when calls are made. */
final class ScheduleOptions {
    @Option(
            names = {"-r", "--rate"},
            split = ",",
            paramLabel = "R",
            description =
                    "Calls per second, whatever the answers do. Several, separated by commas, are steps one after another.")
    private List<Double> rates = List.of();

    @Option(
            names = "--ramp",
            paramLabel = "FROM:TO",
            description = "Calls per second that grow or fall evenly over --duration.")
    private @Nullable String ramp;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = {
                "Instead of a rate: calls in flight, each followed by the next, up to " + Step.MAX_CONCURRENCY + ".",
                "Finds the capacity; its latencies are no claim about latency."
            })
    private @Nullable Integer concurrency;

    @Option(
            names = {"-d", "--duration"},
            defaultValue = "30s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Of each step; 120m at most in all. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warm-up",
            defaultValue = "5s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "How long the load of the first step runs before, uncounted. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--arrivals",
            defaultValue = "poisson",
            paramLabel = "HOW",
            description = "Gaps between calls: poisson, constant. Default: ${DEFAULT-VALUE}.")
    private Spacing arrivals = Spacing.POISSON;

    @Option(
            names = "--continuous",
            fallbackValue = "true",
            description =
                    "Begin a step while calls of the one before are still under way, to see how a server recovers.")
    private boolean continuous;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Fixes arrivals, texts, labels and all that is drawn. Default: ${DEFAULT-VALUE}.")
    private long seed;

    long seed() {
        return seed;
    }

    /** The plan; what is wrong is named by an IllegalArgumentException. */
    LoadSchedule plan() {
        return new LoadSchedule(steps(), arrivals, warmUp, continuous, seed);
    }

    private List<Step> steps() {
        int given = (rates.isEmpty() ? 0 : 1) + (ramp == null ? 0 : 1) + (concurrency == null ? 0 : 1);
        if (given != 1) {
            throw new IllegalArgumentException("--rate, --ramp, --concurrency: give one of them");
        }
        if (concurrency != null) {
            return List.of(Step.closed(concurrency, duration));
        }
        if (ramp != null) {
            return List.of(ramp(ramp));
        }
        return rates.stream().map(rate -> Step.constant(rate, duration)).toList();
    }

    private Step ramp(String fromTo) {
        String[] parts = fromTo.split(":", 2);
        try {
            return Step.ramp(Double.parseDouble(parts[0]), Double.parseDouble(parts[parts.length - 1]), duration);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--ramp must look like 50:500, but was " + fromTo, e);
        }
    }
}
