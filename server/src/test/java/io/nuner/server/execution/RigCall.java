package io.nuner.server.execution;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One text on its way through a {@link LaneRig}, and what it was answered. Any thread. */
final class RigCall implements Reply.Receiver {
    static final int TOKENS = 4;

    final PendingRequest pending;
    /** Every answer; more than one is a fault. */
    final List<String> answers = new CopyOnWriteArrayList<>();

    final AtomicInteger state = new AtomicInteger();
    volatile long launchedNanos;
    volatile long cancelledNanos;
    volatile int cancelledIn = -1;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final Runnable onAnswer;

    /**
     * A call that is known by its number wherever its row is seen.
     *
     * @param onAnswer run at each answer
     */
    RigCall(int number, LaneRig rig, Runnable onAnswer) {
        this.onAnswer = onAnswer;
        TokenRow row = TokenRow.copyOf(new int[] {1, number, 3, 4}, new int[] {2}, new int[] {0});
        long now = System.nanoTime();
        pending = new PendingRequest(row, now, now + TimeUnit.HOURS.toNanos(1), new Reply(rig.enter(TOKENS), this));
    }

    static int number(TokenRow row) {
        return row.tokenId(1);
    }

    /** Notes how far it has come; never goes back. */
    void reached(int newState) {
        state.accumulateAndGet(newState, Math::max);
    }

    void cancel() {
        int in = state.get();
        if (pending.reply().reject(Rejection.CANCELLED)) {
            cancelledIn = in;
            cancelledNanos = System.nanoTime();
        }
    }

    String await() throws InterruptedException {
        if (!answered.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not answered");
        }
        return answers.get(0);
    }

    @Override
    public void onScored(RowLogits logits, BatchRun run) {
        answer("scored");
    }

    @Override
    public void onRefused(Refusal refusal) {
        answer(refusal.reason().name());
    }

    private void answer(String answer) {
        answers.add(answer);
        answered.countDown();
        onAnswer.run();
    }
}
