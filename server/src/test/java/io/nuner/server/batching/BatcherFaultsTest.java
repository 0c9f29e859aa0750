package io.nuner.server.batching;

import static io.nuner.server.batching.Requests.FAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.Requests.Asked;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTerms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever those throw whom the batcher tells something, no lane is lost, every text is answered and nothing is counted wrong. */
class BatcherFaultsTest {
    private static final long MILLI = 1_000_000L;

    private final Requests requests = new Requests();
    private final FakeLane lane = new FakeLane(3);
    private final BatcherEvent.LaneFreed freed = new BatcherEvent.LaneFreed(lane);
    private final FailingObserver observer = new FailingObserver();
    private long now;
    private final Batcher batcher = new Batcher(policy(0), requests.backlog, observer, () -> now);

    @Test
    void anObserverThatThrowsWhenABatchEndsCostsNoLane() {
        Asked first = requests.request(5, FAR);
        Asked second = requests.request(5, FAR);
        wake(freed);
        wake(first.pending);
        wake(second.pending);
        observer.failAtEnd = true;

        assertThatThrownBy(() -> wake(freed)).isInstanceOf(IllegalStateException.class);

        assertThat(lane.batches).containsExactly(List.of(first.pending), List.of(second.pending));
        assertThat(lane.batch().get(0)).as("the batch before was cleared").isSameAs(second.pending);
    }

    @Test
    void anObserverThatThrowsWhenABatchLeavesCostsNoText() {
        Asked first = requests.request(5, FAR);
        Asked second = requests.request(5, FAR);
        wake(freed);
        observer.failAtLaunch = true;

        assertThatThrownBy(() -> wake(first.pending)).isInstanceOf(IllegalStateException.class);
        observer.failAtLaunch = false;
        wake(second.pending);
        wake(freed);

        assertThat(lane.batches).containsExactly(List.of(first.pending), List.of(second.pending));
    }

    @Test
    void aLaneThatThrowsFailsEachTextEvenIfAReceiverThrows() {
        List<String> answers = new ArrayList<>();
        PendingRequest broken = withBrokenReceiver(FAR);
        Asked mate = requests.request(5, FAR);
        publish(broken);
        publish(mate.pending);

        assertThatThrownBy(() -> wake(new BatcherEvent.LaneFreed(new FakeLane(3, started -> {
                    throw new IllegalStateException("broken lane");
                }))))
                .isInstanceOf(RuntimeException.class);
        answers.addAll(mate.answers);

        assertThat(answers).containsExactly("DEFECT");
        assertThat(requests.gate.requestsInFlight()).isZero();
    }

    @Test
    void textsThatExpireAreDroppedAndCountedEvenIfAReceiverThrows() {
        Asked before = requests.request(5, 100 * MILLI);
        PendingRequest broken = withBrokenReceiver(101 * MILLI);
        Asked after = requests.request(5, 102 * MILLI);
        wake(before.pending);
        wake(broken);
        wake(after.pending);
        now = 200 * MILLI;

        assertThatThrownBy(() -> batcher.onTimeout(0)).isInstanceOf(IllegalStateException.class);
        batcher.onTimeout(0);

        assertThat(before.answers).containsExactly("EXPIRED");
        assertThat(after.answers).containsExactly("EXPIRED");
        assertThat(requests.backlog.waiting()).as("texts that wait").isZero();
        wake(freed); // with a wrong count, this would never end
        assertThat(lane.batches).isEmpty();
    }

    @Test
    void everyWaitingTextIsAnsweredWhenTheEngineIsLostEvenIfAReceiverThrows() {
        PendingRequest broken = withBrokenReceiver(FAR);
        Asked after = requests.request(5, FAR);
        Asked bulk = requests.request(5, FAR, requests.tenants.named("double"), Urgency.BULK);
        wake(broken);
        wake(after.pending);
        wake(bulk.pending);

        assertThatThrownBy(() -> wake(new BatcherEvent.EngineLost())).isInstanceOf(IllegalStateException.class);

        assertThat(after.answers).containsExactly("ENGINE_LOST");
        assertThat(bulk.answers).containsExactly("ENGINE_LOST");
        assertThat(requests.backlog.waiting()).isZero();
    }

    @Test
    void aTextThatNobodyWantsAnyMoreIsNotLeftBehind() {
        Asked runs = requests.request(5, FAR - 1);
        Asked gone = requests.request(5, FAR); // behind it, so that it is found when the batch is formed
        publish(gone.pending);
        publish(runs.pending);
        gone.pending.reply().reject(Rejection.CANCELLED);

        wake(freed);

        assertThat(lane.batches).containsExactly(List.of(runs.pending));
        assertThat(lane.batch().leftBehind()).as("texts left behind").isZero();
    }

    @Test
    void aTextThatWaitsOnIsLeftBehind() {
        publish(requests.request(30, FAR).pending);
        publish(requests.request(30, FAR).pending);

        wake(freed);

        assertThat(lane.batch().leftBehind()).isEqualTo(1);
    }

    /** Or the queue would be let grow by an engine that does nothing. */
    @Test
    void anEngineThatFailsFastSeemsNoFaster() {
        Batcher failing = new Batcher(policy(1000), requests.backlog, observer, () -> now);
        double drift = requests.backlog.drift();
        long delay = requests.backlog.delayNanos(1000, now);
        failing.note(freed);

        for (int batch = 0; batch < 1000; batch++) {
            failing.note(requests.request(5, FAR).pending);
            failing.decide();
            now += 1000;
            failing.note(freed); // the batch never ran to its end
            failing.decide();
        }

        assertThat(lane.batches).hasSize(1000);
        assertThat(requests.backlog.drift()).isEqualTo(drift);
        assertThat(requests.backlog.delayNanos(1000, now)).isEqualTo(delay);
    }

    @Test
    void aSecondThreadIsNoticed() throws InterruptedException {
        wake(freed);
        List<Throwable> thrown = new ArrayList<>();
        Thread other = new Thread(() -> batcher.onTimeout(0));
        other.setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));

        other.start();
        other.join();

        assertThat(thrown).singleElement().isInstanceOf(AssertionError.class);
    }

    private PendingRequest withBrokenReceiver(long deadlineNanos) {
        Permit permit = (Permit) requests.gate.enter(requests.tenants.unnamed(), Urgency.INTERACTIVE, 0, FAR);
        TokenRow row = TokenRow.copyOf(new int[5], new int[] {0}, new int[] {0});
        return new PendingRequest(row, 0, deadlineNanos, new Reply(permit, new BrokenReceiver()));
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

    private static BatchPolicy policy(long nanosPerToken) {
        CostModel costs = new CostModel(new CostTerms(0, 0, 0, nanosPerToken, 0), EngineCells.ANY);
        return BatchPolicy.of(new EngineLimits(3, 100, 30, 10), costs, 1);
    }

    /** Breaks the rule that a receiver does not throw. */
    private static final class BrokenReceiver implements Reply.Receiver {
        @Override
        public void onScored(io.nuner.engine.RowLogits logits, BatchRun run) {
            throw new IllegalStateException("broken receiver");
        }

        @Override
        public void onRefused(Refusal refusal) {
            throw new IllegalStateException("broken receiver");
        }
    }

    /** Throws when told to. */
    private static final class FailingObserver implements Batcher.Observer {
        private boolean failAtLaunch;
        private boolean failAtEnd;

        @Override
        public void launched(Batch batch) {
            if (failAtLaunch) {
                throw new IllegalStateException("broken observer");
            }
        }

        @Override
        public void finished(Batch batch) {
            if (failAtEnd) {
                throw new IllegalStateException("broken observer");
            }
        }
    }
}
