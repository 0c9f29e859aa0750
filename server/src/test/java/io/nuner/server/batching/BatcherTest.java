package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.Requests.Asked;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final long MILLI = 1_000_000L;

    private final Requests requests = new Requests();
    private final FakeLane lane = new FakeLane(3);
    private final BatcherEvent.LaneFreed freed = new BatcherEvent.LaneFreed(lane);
    private long now;
    private final Batcher batcher = batcher(0);

    @Test
    void aRequestLeavesAtOnceWhenALaneIsFree() {
        Asked only = requests.request(5, FAR);
        wake(freed);

        wake(only.pending);

        assertThat(lane.batches).containsExactly(List.of(only.pending));
    }

    @Test
    void requestsArrivingWhileTheLaneIsBusyShareTheNextBatch() {
        Asked first = requests.request(5, FAR);
        Asked second = requests.request(5, FAR);
        Asked third = requests.request(5, FAR);
        wake(freed);
        wake(first.pending);
        wake(second.pending);
        wake(third.pending);

        wake(freed);

        assertThat(lane.batches).containsExactly(List.of(first.pending), List.of(second.pending, third.pending));
    }

    @Test
    void everythingPublishedBeforeTheWakeUpIsSeenBeforeABatchLeaves() {
        Asked first = requests.request(5, FAR);
        Asked second = requests.request(5, FAR);
        publish(freed);
        publish(first.pending);

        wake(second.pending);

        assertThat(lane.batches).containsExactly(List.of(first.pending, second.pending));
    }

    @Test
    void theNearestDeadlineGoesFirstAndTiesGoByArrival() {
        Asked late = requests.request(30, FAR);
        Asked soon = requests.request(30, FAR - 1);
        Asked alsoLate = requests.request(30, FAR);
        wake(late.pending);
        wake(soon.pending);
        wake(alsoLate.pending);

        wake(freed);
        wake(freed);
        wake(freed);

        assertThat(lane.batches)
                .containsExactly(List.of(soon.pending), List.of(late.pending), List.of(alsoLate.pending));
    }

    @Test
    void aBatchHoldsNoMoreRowsAndPaddedTokensThanTheEngineTakes() {
        Asked ten = requests.request(10, FAR);
        Asked eleven = requests.request(11, FAR);
        Asked nine = requests.request(9, FAR);
        Asked eight = requests.request(8, FAR);
        wake(ten.pending);
        wake(eleven.pending);
        wake(nine.pending);
        wake(eight.pending);

        wake(freed);
        wake(freed);

        assertThat(lane.batches)
                .as("11 tokens beside 10 pad to 22, a third row to 33; the engine takes 30")
                .allSatisfy(batch -> assertThat(batch).hasSize(2));
        assertThat(lane.batches.stream().flatMap(List::stream))
                .containsExactlyInAnyOrder(ten.pending, eleven.pending, nine.pending, eight.pending);
    }

    @Test
    void aTextThatDoesNotFitDoesNotKeepOthersOut() {
        Asked small = requests.request(5, FAR);
        Asked huge = requests.request(30, FAR);
        Asked alsoSmall = requests.request(5, FAR);
        wake(small.pending);
        wake(huge.pending);
        wake(alsoSmall.pending);

        wake(freed);
        wake(freed);

        assertThat(lane.batches)
                .containsExactlyInAnyOrder(List.of(small.pending, alsoSmall.pending), List.of(huge.pending));
    }

    @Test
    void anExpiredRequestIsAnsweredAndNeverReachesALane() {
        Asked expired = requests.request(5, 100);
        Asked alive = requests.request(5, 200);
        wake(expired.pending);
        wake(alive.pending);
        now = 100;

        wake(freed);

        assertThat(expired.answers).containsExactly("EXPIRED");
        assertThat(lane.batches).containsExactly(List.of(alive.pending));
    }

    @Test
    void aRequestExpiresWhileEveryLaneIsBusyEvenIfNothingElseArrives() {
        Asked waiting = requests.request(5, 100 * MILLI);
        wake(waiting.pending);
        now = 100 * MILLI;

        assertThat(batcher.alarmNanos()).isLessThanOrEqualTo(now);
        batcher.onTimeout(0);

        assertThat(waiting.answers).containsExactly("EXPIRED");
        assertThat(requests.gate.requestsInFlight()).isZero();
    }

    @Test
    void aCancelledRequestNeverReachesALane() {
        Asked cancelled = requests.request(5, FAR);
        wake(cancelled.pending);
        cancelled.pending.reply().reject(Rejection.CANCELLED);

        wake(freed);

        assertThat(lane.batches).isEmpty();
        assertThat(cancelled.answers).containsExactly("CANCELLED");
    }

    @Test
    void aStormOfCancelsDoesNotPileUp() {
        WaitingRequests waiting = new WaitingRequests(policy(0));
        for (int i = 0; i < 100_000; i++) {
            Asked one = requests.request(5, FAR);
            waiting.add(one.pending);
            one.pending.reply().reject(Rejection.CANCELLED);
        }

        assertThat(waiting.size()).isLessThan(2048);
    }

    @Test
    void everyWaitingAndLaterRequestIsAnsweredWhenTheEngineIsLost() {
        Asked before = requests.request(5, FAR);
        Asked after = requests.request(5, FAR);
        wake(before.pending);

        wake(new BatcherEvent.EngineLost());
        wake(after.pending);

        assertThat(before.answers).containsExactly("ENGINE_LOST");
        assertThat(after.answers).containsExactly("ENGINE_LOST");
    }

    @Test
    void whatStillWaitsIsAnsweredWhenTheBatcherStops() {
        Asked waiting = requests.request(5, FAR);
        wake(waiting.pending);

        batcher.onShutdown();

        assertThat(waiting.answers).containsExactly("SHUTTING_DOWN");
    }

    @Test
    void aLaneThatThrowsFailsItsBatchOnly() {
        Asked unlucky = requests.request(5, FAR);
        wake(new BatcherEvent.LaneFreed(new FakeLane(3, broken -> {
            throw new IllegalStateException("broken lane");
        })));

        assertThatThrownBy(() -> wake(unlucky.pending)).isInstanceOf(IllegalStateException.class);

        assertThat(unlucky.answers).containsExactly("DEFECT");
        assertThat(requests.unanswered()).isZero();
    }

    @Test
    void whatALaneThatThrowsLeftUndecidedIsDecidedWithoutAnotherEvent() {
        Asked unlucky = requests.request(30, FAR - 1);
        Asked next = requests.request(30, FAR);
        publish(unlucky.pending);
        publish(next.pending);
        publish(new BatcherEvent.LaneFreed(new FakeLane(3, broken -> {
            throw new IllegalStateException("broken lane");
        })));

        assertThatThrownBy(() -> wake(freed)).isInstanceOf(IllegalStateException.class);
        assertThat(batcher.alarmNanos()).isLessThan(Batcher.NO_ALARM);
        batcher.onTimeout(0);

        assertThat(unlucky.answers).containsExactly("DEFECT");
        assertThat(lane.batches).containsExactly(List.of(next.pending));
    }

    @Test
    void anEventThatFailsDoesNotKeepThoseBeforeItWaiting() {
        Asked first = requests.request(5, FAR);
        publish(freed);
        publish(first.pending);
        BatcherRing.Slot broken = new BatcherRing.Slot();
        broken.put(new BatcherEvent.LaneFreed(new FakeLane(3) {
            @Override
            public Batch batch() {
                throw new IllegalStateException("broken lane");
            }
        }));

        assertThatThrownBy(() -> batcher.onEvent(broken, 0, true)).isInstanceOf(IllegalStateException.class);

        assertThat(lane.batches).containsExactly(List.of(first.pending));
    }

    @Test
    void onePauseOfTheMachineDoesNotMakeEveryDeadlineTooNear() {
        Batcher paused = batcher(100_000);
        paused.note(freed);
        paused.note(requests.request(5, FAR).pending);
        paused.decide();
        lane.batch().ran(10_000 * MILLI);
        paused.note(freed);
        Asked next = requests.request(5, now + MILLI);

        paused.note(next.pending);
        paused.decide();

        assertThat(next.answers).isEmpty();
        assertThat(lane.batches).hasSize(2);
    }

    @Test
    void aSlotForgetsItsEventOnceApplied() {
        BatcherRing.Slot slot = new BatcherRing.Slot();
        Asked one = requests.request(5, FAR);
        slot.put(one.pending);
        slot.apply(batcher);
        batcher.onEvent(slot, 0, true);

        wake(freed);

        assertThat(lane.batches).as("applied once").containsExactly(List.of(one.pending));
    }

    private void publish(BatcherEvent event) {
        BatcherRing.Slot slot = new BatcherRing.Slot();
        slot.put(event);
        batcher.onEvent(slot, 0, false);
    }

    private void wake(BatcherEvent event) {
        BatcherRing.Slot slot = new BatcherRing.Slot();
        slot.put(event);
        batcher.onEvent(slot, 0, true);
    }

    /** A batcher whose engine takes so long for each token. */
    private Batcher batcher(long nanosPerToken) {
        return new Batcher(policy(nanosPerToken), requests.backlog, Batcher.Observer.none(), () -> now);
    }

    private static BatchPolicy policy(long nanosPerToken) {
        CostModel costs = new CostModel(new CostTerms(0, 0, 0, nanosPerToken, 0), EngineCells.ANY);
        return BatchPolicy.of(new EngineLimits(3, 100, 30, 10), costs, 1);
    }
}
