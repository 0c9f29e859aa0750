package io.nuner.micro.rules;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nuner.capacity.simulation.Arrival;
import io.nuner.capacity.simulation.Job;
import io.nuner.capacity.simulation.Simulation;
import io.nuner.capacity.simulation.SimulationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * This server's batcher against other servers' rules: same engine curve, same traces, simulated clock.
 *
 * <p>Claims under test: the highest rate at which p99 holds is the best or equal everywhere, and at least 1.3 times that of
 * every other rule on the mixed trace; p50, p99 and p99.9 at 50, 80 and 95 % of the simple batcher's capacity.
 *
 * <p>Simulation repeats exactly; the figures are medians over three seeds. Prints one JSON object to standard output and a table
 * to standard error.
 */
public final class BatchingRules {
    private static final long[] SEEDS = {7, 11, 13};
    private static final double[] LOADS = {0.5, 0.8, 0.95};
    private static final double[] SHARES = {0.5, 0.99, 0.999};
    private static final long TIMEOUT_NANOS = 10_000_000_000L;
    private static final int SEARCH_STEPS = 12;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ComparedEngine curve;
    private final Mix mix;
    private final int texts;

    private BatchingRules(ComparedEngine curve, Mix mix, int texts) {
        this.curve = curve;
        this.mix = mix;
        this.texts = texts;
    }

    /** Takes the number of texts of a trace. */
    public static void main(String[] args) {
        int texts = Integer.parseInt(args[0]);
        JsonArray rows = new JsonArray();
        for (ComparedEngine curve : ComparedEngine.ALL) {
            for (Mix mix : Mix.values()) {
                new BatchingRules(curve, mix, texts).compare(rows);
            }
        }
        JsonObject report = new JsonObject();
        report.addProperty("texts", texts);
        report.addProperty("seeds", SEEDS.length);
        report.add("rows", rows);
        System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(report));
    }

    private void compare(JsonArray rows) {
        double capacity = median(this::saturated);
        for (ComparedRule rule : ComparedRule.values()) {
            JsonObject row = new JsonObject();
            row.addProperty("curve", curve.name());
            row.addProperty("mix", mix.name().toLowerCase(Locale.ROOT));
            row.addProperty("rule", rule.key());
            row.addProperty("p99_slo_millis", curve.sloNanos() / NANOS_PER_MILLI);
            row.addProperty("simple_capacity_per_second", capacity);
            double rate = median(seed -> rateAtSlo(rule, capacity, seed));
            row.addProperty("rate_at_slo_per_second", rate);
            row.addProperty("rate_at_slo_over_simple_capacity", rate / capacity);
            JsonArray loads = new JsonArray();
            for (double load : LOADS) {
                loads.add(atLoad(rule, capacity * load, load));
            }
            row.add("loads", loads);
            rows.add(row);
            System.err.printf(Locale.ROOT, "%-8s %-5s %-15s %8.1f/s at SLO%n", curve.name(), mix, rule.key(), rate);
        }
    }

    /** Texts a second of the simple batcher when everything waits from the start. */
    private double saturated(long seed) {
        List<Arrival> burst = mix.trace(Math.min(texts, 4000), 1e6, Long.MAX_VALUE / 8, seed);
        return run(ComparedRule.SIMPLE, burst).goodput();
    }

    private double rateAtSlo(ComparedRule rule, double capacity, long seed) {
        double low = 0;
        double high = 4 * capacity;
        for (int step = 0; step < SEARCH_STEPS; step++) {
            double rate = (low + high) / 2;
            SimulationResult result = run(rule, mix.trace(texts, rate, TIMEOUT_NANOS, seed));
            boolean holds = result.count(Job.State.ANSWERED) == texts && result.percentile(0.99) <= curve.sloNanos();
            low = holds ? rate : low;
            high = holds ? high : rate;
        }
        return low;
    }

    private JsonObject atLoad(ComparedRule rule, double rate, double load) {
        List<SimulationResult> results = LongStream.of(SEEDS)
                .mapToObj(seed -> run(rule, mix.trace(texts, rate, TIMEOUT_NANOS, seed)))
                .toList();
        JsonObject figures = new JsonObject();
        figures.addProperty("load", load);
        for (double share : SHARES) {
            figures.addProperty(
                    "p" + String.format(Locale.ROOT, "%s", share * 100).replace(".0", "") + "_millis",
                    middle(results.stream()
                                    .map(result -> (double) result.percentile(share))
                                    .toList())
                            / NANOS_PER_MILLI);
        }
        figures.addProperty(
                "rows", middle(results.stream().map(SimulationResult::meanRows).toList()));
        figures.addProperty(
                "padding",
                middle(results.stream().map(SimulationResult::padding).toList()));
        figures.addProperty(
                "utilization",
                middle(results.stream().map(SimulationResult::utilization).toList()));
        return figures;
    }

    private SimulationResult run(ComparedRule rule, List<Arrival> trace) {
        return Simulation.run(trace, rule.maker(curve), curve.costs(), 1, Simulation.Noise.none());
    }

    private static double median(Figure figure) {
        List<Double> values = new ArrayList<>();
        for (long seed : SEEDS) {
            values.add(figure.of(seed));
        }
        return middle(values);
    }

    private static double middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** A figure of one seed. */
    @FunctionalInterface
    private interface Figure {
        double of(long seed);
    }
}
