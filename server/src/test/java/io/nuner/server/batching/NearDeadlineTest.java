package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.Requests.Asked;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import org.junit.jupiter.api.Test;

/** On an engine with nothing else to do: what cannot be in time does not run, what can be does, however wrong the costs. */
class NearDeadlineTest {
    private static final long MILLI = 1_000_000L;
    /** What the costs measured at start say of any text. */
    private static final long MEASURED = 10 * MILLI;

    private static final int TOKENS = 5;

    private final Requests requests = new Requests();
    private final FakeLane lane = new FakeLane(4);
    private long now;
    private final Batcher batcher = new Batcher(policy(), requests.backlog, Batcher.Observer.none(), () -> now);

    NearDeadlineTest() {
        batcher.note(new BatcherEvent.LaneFreed(lane));
        batcher.decide();
    }

    @Test
    void hundredsOfCallsThatCannotBeMetRunAlmostNoRows() {
        int answeredInTime = 0;
        for (int call = 0; call < 1000; call++) { // ten a second
            answeredInTime += isInTime(call(5 * MILLI), 10 * MILLI) ? 1 : 0;
            now += 90 * MILLI;
        }

        assertThat(answeredInTime).isZero();
        assertThat(lane.batches)
                .as("rows run to see whether the estimate holds")
                .hasSizeBetween(1, 5);
    }

    @Test
    void calledOftenNoneRunsInAnySecond() {
        for (int call = 0; call < 900; call++) {
            call(5 * MILLI);
            now += MILLI;
        }

        assertThat(lane.batches).isEmpty();
    }

    @Test
    void whatIsRefusedIsToldHowLongItWouldTake() {
        Asked refused = call(5 * MILLI);

        assertThat(refused.answers).containsExactly("UNMEETABLE");
    }

    @Test
    void aCallThatCanJustBeMetRuns() {
        for (int call = 0; call < 100; call++) {
            assertThat(isInTime(call(MEASURED + MILLI), MEASURED))
                    .as("call %s", call)
                    .isTrue();
            now += 50 * MILLI;
        }
    }

    @Test
    void jitterRefusesNoCallThatTheFasterRunsMeet() {
        double[] jitter = {1, 1.1, 0.95, 1.2, 0.92, 1.05, 1.3, 0.97};
        for (int call = 0; call < 80; call++) {
            Asked asked = call((long) (1.15 * MEASURED));
            assertThat(asked.answers).as("call %s", call).isEmpty();
            end((long) (jitter[call % jitter.length] * MEASURED));
            now += 50 * MILLI;
        }
    }

    @Test
    void costsThatWereMeasuredTooHighAreFoundOutByTheFirstRun() {
        run(FAR, 2 * MILLI); // a call in no hurry

        Asked next = call(4 * MILLI);

        assertThat(next.answers).isEmpty();
    }

    @Test
    void costsThatWereMeasuredTooHighAreFoundOutEvenIfEveryCallIsInAHurry() {
        int refused = 0;
        int met = 0;
        for (int call = 0; call < 300; call++) { // a hundred a second; each takes a fifth of what was measured
            if (isInTime(call(4 * MILLI), 2 * MILLI)) {
                met++;
            } else {
                refused++;
            }
            now += 8 * MILLI;
        }

        assertThat(refused).as("calls refused in the first second").isBetween(50, 130);
        assertThat(met).isEqualTo(300 - refused);
    }

    @Test
    void anEngineThatWasSlowForAWhileIsTrustedAgain() {
        for (int call = 0; call < 50; call++) {
            run(FAR, 20 * MEASURED);
        }
        assertThat(call(2 * MEASURED).answers).as("while it is slow").containsExactly("UNMEETABLE");

        int refused = 0;
        for (int call = 0; call < 50; call++) {
            now += 100 * MILLI;
            refused += isInTime(call(2 * MEASURED), MEASURED) ? 0 : 1;
        }

        assertThat(refused).as("calls refused once it is fast").isBetween(1, 12);
    }

    @Test
    void whatLargerBatchesShowCountsForATextAlone() {
        for (int call = 0; call < 30; call++) {
            run(FAR, 3 * MEASURED);
        }
        for (int round = 0; round < 40; round++) { // two rows each, as fast as measured
            batcher.note(requests.request(TOKENS, FAR).pending);
            batcher.note(requests.request(TOKENS, FAR).pending);
            batcher.decide();
            end(MEASURED);
        }

        assertThat(call((long) (1.3 * MEASURED)).answers).isEmpty();
    }

    private Asked call(long timeoutNanos) {
        Asked asked = requests.request(TOKENS, timeoutNanos == FAR ? FAR : now + timeoutNanos);
        batcher.note(asked.pending);
        batcher.decide();
        return asked;
    }

    /** Ends the call's run, if it runs, after the given time; whether that is in time. */
    private boolean isInTime(Asked asked, long runNanos) {
        if (!asked.answers.isEmpty()) {
            now += runNanos;
            return false;
        }
        end(runNanos);
        return now <= asked.pending.deadlineNanos();
    }

    private void run(long timeoutNanos, long runNanos) {
        call(timeoutNanos);
        end(runNanos);
    }

    private void end(long runNanos) {
        now += runNanos;
        lane.batch().ran(runNanos);
        batcher.note(new BatcherEvent.LaneFreed(lane));
        batcher.decide();
    }

    private static BatchPolicy policy() {
        CostModel costs = new CostModel(new CostTerms(MEASURED, 0, 0, 0, 0), EngineCells.ANY);
        return BatchPolicy.of(new EngineLimits(4, 100, 400, 10), costs, 1);
    }
}
