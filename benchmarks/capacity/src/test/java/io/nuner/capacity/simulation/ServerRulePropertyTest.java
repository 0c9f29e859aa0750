package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Whatever arrives, and whoever asks: each text ends, and nothing is left behind. */
class ServerRulePropertyTest {
    private static final int TEXTS = 1_500;
    private static final List<String> TENANTS = List.of("default", "heavy", "light");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @RepeatedTest(60)
    void everyTextEndsOnceAndItsShareOfTheGateComesBack() {
        Scene scene = scene();
        List<ServerRule> rules = new ArrayList<>();

        SimulationResult result = Simulation.run(
                scene.arrivals,
                lanes -> {
                    ServerRule rule = new ServerRule(lanes, scene.policy, scene.gate, Map.of("heavy", 3));
                    rules.add(rule);
                    return rule;
                },
                scene.policy.costs(),
                scene.policy.lanes(),
                () -> 0.5 + random.nextDouble());

        String seen = "seed " + seed + ", " + scene.policy + ", " + scene.gate;
        long ran = result.batches().stream().mapToLong(Simulation.Ran::rows).sum();
        assertThat(result.count(Job.State.WAITING)).as(seen).isZero();
        assertThat(ran).as(seen).isEqualTo(result.count(Job.State.ANSWERED) + result.count(Job.State.LATE));
        assertThat(result.batches()).as(seen).allMatch(batch -> fits(batch, scene.policy.limits()));
        assertThat(rules.get(0).requestsInFlight()).as(seen).isZero();
        assertThat(rules.get(0).tokensInFlight()).as(seen).isZero();
        assertThat(rules.get(0).jobsKept()).as(seen).isZero();
    }

    @Test
    void theScenesAnswerSomeRefuseSomeAndAreLateNowAndThen() {
        long answered = 0;
        long refused = 0;
        for (int i = 0; i < 40; i++) {
            Scene scene = scene();
            SimulationResult result = Simulation.run(
                    scene.arrivals,
                    lanes -> new ServerRule(lanes, scene.policy, scene.gate, Map.of()),
                    scene.policy.costs(),
                    scene.policy.lanes(),
                    Simulation.Noise.none());
            answered += result.count(Job.State.ANSWERED);
            refused += result.count(Job.State.REFUSED);
        }

        assertThat(answered).as("seed " + seed).isGreaterThan(TEXTS);
        assertThat(refused).as("seed " + seed).isGreaterThan(TEXTS);
    }

    private static boolean fits(Simulation.Ran batch, EngineLimits limits) {
        return batch.rows() == 1
                || (batch.rows() <= limits.maxRows() && batch.rows() * batch.longest() <= limits.maxBatchTokens());
    }

    private Scene scene() {
        EngineLimits limits = new EngineLimits(1 + random.nextInt(16), 512, 512 + random.nextInt(4096), 10);
        CostTerms terms = new CostTerms(
                random.nextInt(10_000_000), random.nextInt(100_000), 0, random.nextInt(50_000), random.nextInt(30));
        EngineCells cells = random.nextBoolean()
                ? EngineCells.ANY
                : EngineCells.copyOf(List.of(32, 128, 512), List.of(1, 4, 8, 16));
        BatchPolicy policy = new BatchPolicy(
                limits,
                new CostModel(terms, cells),
                1 + random.nextInt(3),
                random.nextInt(100) * 1_000_000L,
                random.nextInt(3) * 1_000_000L);
        AdmissionGate.Limits gate = new AdmissionGate.Limits(
                1 + random.nextInt(600), 512 + random.nextInt(100_000), 1 + random.nextInt(1000) * 1_000_000L);
        return new Scene(arrivals(1e9 / (1 + random.nextInt(2000))), policy, gate);
    }

    private List<Arrival> arrivals(double meanGapNanos) {
        List<Arrival> arrivals = new ArrayList<>();
        double at = 0;
        for (int i = 0; i < TEXTS; i++) {
            at += random.nextInt(4) == 0 ? -Math.log(1 - random.nextDouble()) * 4 * meanGapNanos : 0; // bursts
            arrivals.add(new Arrival(
                    (long) at,
                    1 + random.nextInt(512),
                    TENANTS.get(random.nextInt(TENANTS.size())),
                    random.nextInt(4) == 0,
                    1 + (long) (random.nextDouble() * random.nextDouble() * 2e9)));
        }
        return arrivals;
    }

    private record Scene(List<Arrival> arrivals, BatchPolicy policy, AdmissionGate.Limits gate) {}
}
