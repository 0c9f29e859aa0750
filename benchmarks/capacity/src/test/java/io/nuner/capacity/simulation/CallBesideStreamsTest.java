package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls wait for one batch of the streams of their tenant, not for all of their texts. Prints the figures. */
class CallBesideStreamsTest {
    private static final int SECONDS = 12;
    private static final long SECOND = 1_000_000_000L;
    /** From then on the batcher knows how often calls come. */
    private static final long WARM_NANOS = 2 * SECOND;

    private static final int TEXT = 300;
    private static final int WINDOW = 16;
    private static final AdmissionGate.Limits GATE = new AdmissionGate.Limits(512, 262_144, SECOND / 2);

    @ParameterizedTest
    @MethodSource("io.nuner.capacity.simulation.ServedCosts#all")
    void theSlowestCallsWaitForOneBatchMore(CostModel costs) {
        Outcome alone = run(costs, 0.2, 0, WINDOW, false);
        long batch = Math.max(costs.nanos(1, TEXT, TEXT) * 5 / 2, costs.nanos(6, TEXT, 6 * TEXT) / 2);
        for (int streams : new int[] {1, 8}) {
            for (boolean bulk : new boolean[] {false, true}) {
                Outcome beside = run(costs, 0.2, streams, WINDOW, bulk);
                System.out.printf(
                        "%d streams%s: p99 %.1f ms -> %.1f ms, %.1f texts a second%n",
                        streams,
                        bulk ? " of bulk texts" : "",
                        alone.p99Nanos / 1e6,
                        beside.p99Nanos / 1e6,
                        beside.texts / (double) SECONDS);
                assertThat(beside.p99Nanos - alone.p99Nanos).isLessThan(batch);
                assertThat(beside.answered).isEqualTo(alone.answered);
                assertThat(beside.texts * (costs.nanos(WINDOW, TEXT, WINDOW * TEXT) / WINDOW))
                        .as("part of the engine's time that the streams get")
                        .isGreaterThan(SECONDS * SECOND / 4);
            }
        }
    }

    @Test
    void aStreamWithOneTextInFlightIsServedLikeACaller() {
        long alone = ServedCosts.LINEAR.nanos(1, TEXT, TEXT);

        assertThat(run(ServedCosts.LINEAR, 0.2, 1, 1, false).longestTextNanos).isLessThan(4 * alone);
    }

    @Test
    void textsOfStreamsAreAnsweredInTimeAlthoughCallsTakeAllOfTheEngine() {
        Outcome beside = run(ServedCosts.LINEAR, 1.5, 1, WINDOW, false);

        assertThat(beside.texts).isGreaterThan(WINDOW);
        assertThat(beside.longestTextNanos).isLessThan(Corpus.TIMEOUT_NANOS / 3);
    }

    private static Outcome run(CostModel costs, double load, int streams, int window, boolean bulk) {
        Random noise = new Random(5);
        List<ServerRule> made = new ArrayList<>();
        SimulationResult result = Simulation.run(
                calls(load * 16e9 / costs.nanos(16, 64, 1024)),
                lanes -> {
                    ServerRule rule =
                            new ServerRule(lanes, BatchPolicy.of(ServedCosts.LIMITS, costs, 1), GATE, Map.of());
                    for (int i = 0; i < streams; i++) {
                        rule.stream(new Corpus(TEXT, window, "default", bulk, SECONDS * SECOND));
                    }
                    made.add(rule);
                    return rule;
                },
                costs,
                1,
                () -> Math.exp(0.05 * noise.nextGaussian()));
        long[] latencies = result.latencies(job -> job.arrival().atNanos() >= WARM_NANOS);
        ServerRule rule = made.get(0);
        return new Outcome(
                SimulationResult.percentile(latencies, 0.99),
                result.count(Job.State.ANSWERED),
                rule.textsStreamed(),
                rule.longestStreamedNanos());
    }

    /** Their deadline is later than that of the streams' texts. */
    private static List<Arrival> calls(double rate) {
        Random random = new Random(4);
        List<Arrival> arrivals = new ArrayList<>();
        double at = 0;
        while (at < SECONDS) {
            arrivals.add(new Arrival((long) (at * 1e9), 32 + random.nextInt(65), "default", false, 20 * SECOND));
            at += -Math.log(1 - random.nextDouble()) / rate;
        }
        return arrivals;
    }

    private record Outcome(long p99Nanos, long answered, int texts, long longestTextNanos) {}
}
