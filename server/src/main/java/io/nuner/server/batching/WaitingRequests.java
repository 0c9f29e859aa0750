package io.nuner.server.batching;

import io.nuner.server.batching.BatchFormer.Window;
import java.util.ArrayDeque;

/**
 * What waits for a lane: interactive texts before bulk ones, each shared out among tenants, nearest deadline first inside a
 * tenant. Batcher thread only.
 *
 * <p>Nobody starves: a bulk text that has waited for the aging time becomes interactive, a tenant's share is served by weight,
 * and inside a tenant every deadline comes nearer.
 */
final class WaitingRequests {
    private static final int SWEEP_FLOOR = 1024;

    private final FairQueue interactive;
    private final FairQueue bulk;
    private final ArrayDeque<PendingRequest> bulkByArrival = new ArrayDeque<>();
    private final long agingNanos;
    private int sweepAt = SWEEP_FLOOR;
    private final Batcher.OnlyThread thread = new Batcher.OnlyThread();

    WaitingRequests(BatchPolicy policy) {
        int lead = policy.limits().maxBatchTokens();
        interactive = new FairQueue(Urgency.INTERACTIVE, lead);
        bulk = new FairQueue(Urgency.BULK, lead);
        agingNanos = policy.agingNanos();
    }

    boolean isEmpty() {
        return interactive.isEmpty() && bulk.isEmpty();
    }

    int size() {
        return interactive.size() + bulk.size();
    }

    /** Adds a text. Sweeps answered ones out whenever the number has doubled, so that they cannot pile up. */
    void add(PendingRequest request) {
        assert thread.sameAsBefore() : "two threads use the queues";
        queue(request.urgency()).add(request);
        if (request.urgency() == Urgency.BULK) {
            bulkByArrival.add(request);
        }
        if (size() >= sweepAt) {
            sweep();
        }
    }

    private void sweep() {
        interactive.sweep();
        bulk.sweep();
        bulkByArrival.removeIf(WaitingRequests::isGone);
        sweepAt = Math.max(SWEEP_FLOOR, 2 * size());
    }

    /** About how many texts would go before the given one if it were added now. */
    long textsBefore(PendingRequest request) {
        return request.urgency() == Urgency.BULK
                ? interactive.size() + bulk.textsBefore(request)
                : interactive.textsBefore(request);
    }

    /** When the longest waiting of the texts next in turn became ready; now if none waits. */
    long oldestReadyNanos(long nowNanos) {
        return bulk.oldestReadyNanos(interactive.oldestReadyNanos(nowNanos));
    }

    /** Makes bulk texts that have waited long interactive. */
    void promote(long nowNanos) {
        assert thread.sameAsBefore() : "two threads use the queues";
        PendingRequest oldest = bulkByArrival.peek();
        while (oldest != null && (isGone(oldest) || isAged(oldest, nowNanos))) {
            bulkByArrival.remove();
            if (!isGone(oldest) && bulk.remove(oldest)) {
                oldest.promote();
                interactive.add(oldest);
            }
            oldest = bulkByArrival.peek();
        }
    }

    private static boolean isGone(PendingRequest request) {
        return request.isRemoved() || !request.reply().isOpen();
    }

    private boolean isAged(PendingRequest request, long nowNanos) {
        return nowNanos - request.readyNanos() >= agingNanos;
    }

    /** Answers and drops what is past its deadline. */
    void expire(long nowNanos) {
        assert thread.sameAsBefore() : "two threads use the queues";
        interactive.expire(nowNanos);
        bulk.expire(nowNanos);
    }

    /** Fills the window with the most entitled texts; {@link #endOffer} must follow. */
    void offer(Window window, Pace pace, long nowNanos) {
        assert thread.sameAsBefore() : "two threads use the queues";
        window.clear();
        interactive.offer(window, pace, nowNanos);
        bulk.offer(window, pace, nowNanos);
    }

    /** Takes a text of the window. */
    void take(PendingRequest request) {
        queue(request.urgency()).take(request);
    }

    private FairQueue queue(Urgency urgency) {
        return urgency == Urgency.BULK ? bulk : interactive;
    }

    /** Drops the texts that were taken, and those already answered. */
    void endOffer() {
        assert thread.sameAsBefore() : "two threads use the queues";
        interactive.endOffer();
        bulk.endOffer();
    }

    /** Answers and drops everything. */
    void rejectAll(Rejection reason) {
        assert thread.sameAsBefore() : "two threads use the queues";
        FirstFailure failure = new FirstFailure();
        failure.run(() -> interactive.rejectAll(reason));
        failure.run(() -> bulk.rejectAll(reason));
        bulkByArrival.clear();
        failure.rethrow();
    }
}
