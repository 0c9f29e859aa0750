package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long documents delay short texts of the same tenant by no more than one of their rows takes. Prints the figures. */
class BookBesideTweetsTest {
    private static final int SECONDS = 45;
    private static final long SECOND = 1_000_000_000L;
    /** From then on the batcher knows how often texts come. */
    private static final long WARM_NANOS = 5 * SECOND;

    private static final double LOAD = 0.6;
    private static final int ROW = 512;
    private static final AdmissionGate.Limits GATE = new AdmissionGate.Limits(512, 262_144, SECOND / 4);

    @ParameterizedTest
    @MethodSource("io.nuner.capacity.simulation.ServedCosts#all")
    void theSlowestTweetsWaitForOneRowMore(CostModel costs) {
        double rate = LOAD * run(costs, 3 * ServedCosts.LIMITS.maxRows() * 1e9 / costs.nanos(16, 64, 1024), 0).goodput;
        long row = costs.nanos(1, ROW, ROW);

        Outcome alone = run(costs, rate, 0);
        for (int books : new int[] {1, 4}) {
            Outcome beside = run(costs, rate, books);
            double rows = (beside.p99Nanos - alone.p99Nanos) / (double) row;
            System.out.printf(
                    "%d books of rows of %.1f ms: p99 %.1f ms -> %.1f ms, by %.2f rows; %.1f rows a second%n",
                    books, row / 1e6, alone.p99Nanos / 1e6, beside.p99Nanos / 1e6, rows, beside.rowsASecond());
            assertThat(rows).isLessThan(1);
            assertThat(beside.rowsASecond() * row / SECOND)
                    .as("part of the engine's time that the books get")
                    .isGreaterThan(0.04);
            assertThat(beside.goodput).isGreaterThan(0.999 * alone.goodput);
        }
    }

    private static Outcome run(CostModel costs, double rate, int books) {
        Random noise = new Random(5);
        List<ServerRule> made = new ArrayList<>();
        SimulationResult result = Simulation.run(
                tweets(rate),
                lanes -> {
                    ServerRule rule =
                            new ServerRule(lanes, BatchPolicy.of(ServedCosts.LIMITS, costs, 1), GATE, Map.of());
                    for (int i = 0; i < books; i++) {
                        rule.read(new Book(ROW, 4, "default", SECONDS * SECOND));
                    }
                    made.add(rule);
                    return rule;
                },
                costs,
                1,
                () -> Math.exp(0.05 * noise.nextGaussian()));
        long[] latencies = result.latencies(job -> job.arrival().atNanos() >= WARM_NANOS);
        long p99 = SimulationResult.percentile(latencies, 0.99);
        return new Outcome(p99, made.get(0).rowsRead(), result.count(Job.State.ANSWERED) / (double) SECONDS);
    }

    private static List<Arrival> tweets(double rate) {
        Random random = new Random(4);
        List<Arrival> arrivals = new ArrayList<>();
        double at = 0;
        while (at < SECONDS) {
            arrivals.add(new Arrival((long) (at * 1e9), 32 + random.nextInt(65), "default", false, 10 * SECOND));
            at += -Math.log(1 - random.nextDouble()) / rate;
        }
        return arrivals;
    }

    private record Outcome(long p99Nanos, int rows, double goodput) {
        private double rowsASecond() {
            return rows / (double) SECONDS;
        }
    }
}
