package io.nuner.capacity.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final double RUN_NANOS = 10e6;
    private static final long FAR_NANOS = 3_600_000_000_000L;
    private static final CostModel CONSTANT = costs(RUN_NANOS, 0);

    /** Pollaczek and Khinchine: with constant service, the mean wait is rho / (2 (1 - rho)) services. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.8})
    void aLaneOfConstantCostMakesTextsWaitAsTheFormulaSays(double load) {
        List<Arrival> poisson = poisson(400_000, load / RUN_NANOS, 1);

        SimulationResult result = simulate(poisson, CONSTANT, 1, 1);

        double waitNanos =
                result.jobs().stream().mapToLong(Job::latencyNanos).average().orElseThrow() - RUN_NANOS;
        double formulaNanos = load / (2 * (1 - load)) * RUN_NANOS;
        assertThat(waitNanos).isCloseTo(formulaNanos, within(0.05 * formulaNanos));
        assertThat(result.utilization()).isCloseTo(load, within(0.01));
    }

    @Test
    void twoLanesHoldTwiceTheLoad() {
        List<Arrival> poisson = poisson(50_000, 1.6 / RUN_NANOS, 2);

        SimulationResult result = simulate(poisson, CONSTANT, 2, 1);

        assertThat(result.utilization()).isCloseTo(0.8, within(0.02));
        assertThat(result.count(Job.State.ANSWERED)).isEqualTo(50_000);
    }

    @Test
    void textsOfOneLengthAreAnsweredInTheOrderOfArrival() {
        List<Arrival> poisson = poisson(20_000, 2 / RUN_NANOS, 3);

        SimulationResult result = simulate(poisson, CONSTANT, 1, 4);

        List<Long> ends = result.jobs().stream()
                .map(job -> job.arrival().atNanos() + job.latencyNanos())
                .toList();
        assertThat(ends).isSorted();
        assertThat(result.meanRows()).isGreaterThan(1.5);
    }

    @Test
    void noiseStretchesWhatBatchesTake() {
        List<Arrival> sparse = List.of(text(0), text(FAR_NANOS));

        SimulationResult result = Simulation.run(sparse, lanes -> rule(lanes, CONSTANT, 1, 1), CONSTANT, 1, () -> 3);

        assertThat(result.latencies(job -> true)).containsOnly((long) (3 * RUN_NANOS));
    }

    private static SimulationResult simulate(List<Arrival> arrivals, CostModel costs, int lanes, int maxRows) {
        return Simulation.run(
                arrivals, onLanes -> rule(onLanes, costs, lanes, maxRows), costs, lanes, Simulation.Noise.none());
    }

    private static ServerRule rule(BatchingRule.Lanes on, CostModel costs, int lanes, int maxRows) {
        BatchPolicy policy = new BatchPolicy(new EngineLimits(maxRows, 512, 4096, 10), costs, lanes, 0, 0);
        AdmissionGate.Limits limits = new AdmissionGate.Limits(1_000_000, 1_000_000_000, FAR_NANOS);
        return new ServerRule(on, policy, limits, Map.of());
    }

    private static CostModel costs(double fixed, double perToken) {
        return new CostModel(new CostTerms(fixed, 0, 0, perToken, 0), EngineCells.ANY);
    }

    private static List<Arrival> poisson(int texts, double perNano, long seed) {
        Random random = new Random(seed);
        List<Arrival> arrivals = new ArrayList<>();
        double at = 0;
        for (int i = 0; i < texts; i++) {
            at += -Math.log(1 - random.nextDouble()) / perNano;
            arrivals.add(text((long) at));
        }
        return arrivals;
    }

    private static Arrival text(long atNanos) {
        return new Arrival(atNanos, 64, "default", false, FAR_NANOS);
    }
}
