package io.nuner.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nuner.capacity.Planner.Effort;
import io.nuner.capacity.simulation.Arrival;
import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One text takes 10 ms and texts run one by one, so one replica answers 100 a second at most. */
class PlannerTest {
    private static final long RUN_NANOS = 10_000_000;
    private static final long OVERHEAD_NANOS = 1_000_000;
    private static final long FAR_NANOS = 3_600_000_000_000L;
    private static final Slo A_SECOND = slo(0.99, 1000);

    private final List<String> simulated = new ArrayList<>();

    @Test
    void asManyReplicasAsTheLoadFillsAreNeeded() throws PlanException {
        assertThat(plan(90, A_SECOND).needed().replicas()).isEqualTo(1);
        assertThat(plan(250, A_SECOND).needed().replicas()).isEqualTo(3);
        assertThat(plan(650, A_SECOND).needed().replicas()).isEqualTo(7);
    }

    @Test
    void oneReplicaFewerIsShownToBreakThePromise() throws PlanException {
        CapacityPlan plan = plan(250, A_SECOND);

        Forecast fewer = plan.fewer().orElseThrow();
        assertThat(fewer.replicas()).isEqualTo(2);
        assertThat(A_SECOND.isHeldBy(plan.needed())).isTrue();
        assertThat(A_SECOND.isHeldBy(fewer)).isFalse();
    }

    @Test
    void noReplicaIsFewerThanOne() throws PlanException {
        assertThat(plan(50, A_SECOND).fewer()).isEmpty();
    }

    @Test
    void theHighestRateOfOneReplicaIsItsCapacity() throws PlanException {
        Forecast highest = plan(250, A_SECOND).highest().orElseThrow();

        assertThat(highest.replicas()).isEqualTo(1);
        assertThat(highest.offered()).isCloseTo(100, within(2.0));
    }

    @Test
    void figuresAreThoseOfAllReplicas() throws PlanException {
        Forecast needed = plan(250, A_SECOND).needed();

        assertThat(needed.offered()).isEqualTo(250);
        assertThat(needed.throughput()).isEqualTo(250);
        assertThat(needed.tokensPerSecond()).isCloseTo(250 * 64, within(500.0));
        assertThat(needed.utilization()).isCloseTo(250.0 / 300, within(0.02));
        assertThat(needed.meanRows()).isEqualTo(1);
        assertThat(needed.padding()).isEqualTo(1);
    }

    @Test
    void aTextThatWaitsForNobodyTakesItsRunAndTheOverhead() throws PlanException {
        Forecast idle = plan(1, A_SECOND).needed();

        assertThat(idle.latencies().nanos(0.5)).isEqualTo(RUN_NANOS + OVERHEAD_NANOS);
        assertThat(idle.latencies().nanos(0.999)).isEqualTo(RUN_NANOS + OVERHEAD_NANOS);
    }

    @Test
    void aPromiseThatAnIdleReplicaBreaksHasNoPlan() {
        assertThatThrownBy(() -> plan(50, slo(0.5, 5)))
                .isInstanceOf(PlanException.class)
                .hasMessage("no number of replicas holds p50=5ms: of one that is as good as idle, p99 is 11 ms"
                        + " and 0 % get no answer in time");
    }

    @Test
    void moreThanTheMostReplicasIsNoPlan() {
        assertThatThrownBy(() -> plan(1_000_000, A_SECOND))
                .isInstanceOf(PlanException.class)
                .hasMessage("more than 4096 replicas would be needed to hold p99=1000ms");
    }

    @Test
    void textsThatGetNoAnswerInTimeBreakAPromiseThatLatencyKeeps() throws PlanException {
        Trace hurried = regular(2_000, 15_000_000);

        Forecast needed = planner(hurried, slo(0.99, 1000)).plan(180).needed();

        assertThat(needed.refusedShare()).isLessThanOrEqualTo(0.001);
        assertThat(needed.replicas()).isGreaterThan(2);
    }

    @Test
    void aShortTraceIsRepeatedAndALongOneRunsWhole() throws PlanException {
        assertThat(plan(250, A_SECOND).needed().texts()).isGreaterThanOrEqualTo(20_000);
        assertThat(planner(regular(30_000, FAR_NANOS), A_SECOND)
                        .plan(50)
                        .needed()
                        .texts())
                .isEqualTo(30_000);
    }

    @Test
    void theSameSeedMakesTheSamePlan() throws PlanException {
        assertThat(plan(250, A_SECOND).needed().latencies().nanos(0.99))
                .isEqualTo(plan(250, A_SECOND).needed().latencies().nanos(0.99));
    }

    @Test
    void theListenerHearsOfEachSimulation() throws PlanException {
        plan(250, A_SECOND);

        assertThat(simulated).startsWith("1 at 250", "2 at 250", "4 at 250", "3 at 250", "2 at 250");
    }

    private CapacityPlan plan(double rate, Slo slo) throws PlanException {
        return planner(regular(1_000, FAR_NANOS), slo).plan(rate);
    }

    private Planner planner(Trace trace, Slo slo) {
        CostModel costs = new CostModel(new CostTerms(RUN_NANOS, 0, 0, 0, 0), EngineCells.ANY);
        BatchPolicy policy = BatchPolicy.of(new EngineLimits(1, 512, 4096, 10), costs, 1);
        AdmissionGate.Limits gate = new AdmissionGate.Limits(1_000_000, 1_000_000_000, FAR_NANOS);
        Replica replica = new Replica(policy, gate, Map.of(), new Replica.Surroundings(OVERHEAD_NANOS, 0, 0));
        return new Planner(
                trace,
                replica,
                slo,
                new Effort(20_000, 1),
                (replicas, rate) -> simulated.add(replicas + " at " + Math.round(rate)));
    }

    private static Trace regular(int texts, long timeoutNanos) {
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            arrivals.add(new Arrival(i * 1_000_000L, 64, "default", false, timeoutNanos));
        }
        return new Trace(arrivals);
    }

    private static Slo slo(double share, long millis) {
        return new Slo(List.of(new Slo.Bound(share, millis * 1_000_000)), 0.001);
    }
}
