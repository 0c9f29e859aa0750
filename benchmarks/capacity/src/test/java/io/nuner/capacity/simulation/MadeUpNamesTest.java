package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Tenants;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A tenant with a key keeps its share beside a caller who makes names up. Prints the figures. */
class MadeUpNamesTest {
    private static final String KEYED = "search";
    private static final Map<String, Integer> WEIGHTS = Map.of(KEYED, 10, "vip", 50, "batch", 1);
    private static final int NAMES = 1000;
    private static final double SECONDS = 30;
    private static final long TIMEOUT_NANOS = 2_000_000_000L;
    private static final EngineLimits LIMITS = new EngineLimits(16, 512, 4096, 10);
    /** A text of 64 tokens takes 8 ms alone; a full batch of them 87 ms. */
    private static final CostModel LIKE_A_CPU = new CostModel(new CostTerms(3e6, 0.1e6, 0, 80e3, 5), EngineCells.ANY);
    /** A text of 64 tokens takes 5 ms alone; a full batch of them 8 ms. */
    private static final CostModel LIKE_A_GPU = new CostModel(new CostTerms(5e6, 0, 0, 3e3, 0), EngineCells.ANY);

    private static Stream<Arguments> engines() {
        return Stream.of(Arguments.of("like a CPU", LIKE_A_CPU), Arguments.of("like a GPU", LIKE_A_GPU));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aThousandNamesWithoutAKeyAreWorthOneShare(String engine, CostModel costs) {
        long fullBatchMillis = fullBatchNanos(costs) / 1_000_000;
        for (double part : new double[] {0.3, 0.5, 0.8}) {
            double rate = part * capacity(costs) * 10 / 11; // of what weight 10 is worth beside weight 1
            double flood = 3 * capacity(costs);

            Figures alone = figures(arrivals(rate, 0, NAMES), sharing(), costs);
            Figures oneName = figures(arrivals(rate, flood, 1), sharing(), costs);
            Figures manyNames = figures(arrivals(rate, flood, NAMES), sharing(), costs);

            System.out.printf(
                    "engine %s (full batch %d ms), %.0f %% of its share: alone %s; beside one name %s; beside 1,000 %s%n",
                    engine, fullBatchMillis, 100 * part, alone, oneName, manyNames);
            assertThat(manyNames.goodput).isGreaterThanOrEqualTo(0.98 * alone.goodput);
            assertThat(manyNames.p99Millis).as("names are worth nothing").isLessThan(1.1 * oneName.p99Millis);
            assertThat(manyNames.p99Millis)
                    .as("a text waits for the batch that runs and for its own")
                    .isLessThan(Math.max(1.5 * alone.p99Millis, alone.p99Millis + 3 * fullBatchMillis));
        }
    }

    @Test
    void toldApartTheyWouldPushItOut() {
        double rate = 0.8 * capacity(LIKE_A_CPU) * 10 / 11;

        Figures beside =
                figures(arrivals(rate, 3 * capacity(LIKE_A_CPU), NAMES), new Tenants(WEIGHTS, NAMES), LIKE_A_CPU);

        System.out.printf("told apart: %s%n", beside);
        assertThat(beside.goodput).isLessThan(0.5);
    }

    private static long fullBatchNanos(CostModel costs) {
        return costs.nanos(16, 64, 16 * 64);
    }

    private static double capacity(CostModel costs) {
        return 16e9 / fullBatchNanos(costs);
    }

    private static Tenants sharing() {
        Tenants tenants = new Tenants(WEIGHTS, 0);
        tenants.configure(WEIGHTS, 0, true);
        return tenants;
    }

    private static Figures figures(List<Arrival> arrivals, Tenants tenants, CostModel costs) {
        Random noise = new Random(3);
        SimulationResult result = Simulation.run(
                arrivals,
                lanes -> new ServerRule(
                        lanes,
                        BatchPolicy.of(LIMITS, costs, 1),
                        new AdmissionGate.Limits(512, 262_144, 250_000_000L),
                        tenants),
                costs,
                1,
                () -> Math.exp(0.05 * noise.nextGaussian()));
        long asked = result.jobs().stream().filter(MadeUpNamesTest::isKeyed).count();
        long inTime = result.jobs().stream()
                .filter(job -> isKeyed(job) && job.state() == Job.State.ANSWERED)
                .count();
        long[] latencies = result.latencies(MadeUpNamesTest::isKeyed);
        return new Figures(
                (double) inTime / asked,
                latencies[latencies.length / 2] / 1e6,
                latencies[latencies.length * 99 / 100] / 1e6);
    }

    private static boolean isKeyed(Job job) {
        return job.arrival().tenant().equals(KEYED);
    }

    private static List<Arrival> arrivals(double keyedRate, double floodRate, int names) {
        List<Arrival> arrivals = new ArrayList<>(poisson(keyedRate, new Random(1), random -> KEYED));
        if (floodRate > 0) {
            arrivals.addAll(poisson(floodRate, new Random(2), random -> "made-up-" + random.nextInt(names)));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atNanos));
        return arrivals;
    }

    private static List<Arrival> poisson(
            double rate, Random random, java.util.function.Function<Random, String> tenant) {
        List<Arrival> arrivals = new ArrayList<>();
        double at = -Math.log(1 - random.nextDouble()) / rate;
        while (at < SECONDS) {
            arrivals.add(new Arrival(
                    (long) (at * 1e9), 32 + random.nextInt(65), tenant.apply(random), false, TIMEOUT_NANOS));
            at += -Math.log(1 - random.nextDouble()) / rate;
        }
        return arrivals;
    }

    private record Figures(double goodput, double p50Millis, double p99Millis) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.1f %% in time, p50 %.0f ms, p99 %.0f ms", 100 * goodput, p50Millis, p99Millis);
        }
    }
}
