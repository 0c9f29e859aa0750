package io.nuner.server.batching;

import io.nuner.server.batching.BatchFormer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of one urgency that wait, shared out among tenants by weight, counted in tokens. Batcher thread only.
 *
 * <p>Weighted round robin with the deficits kept as numbers rather than in quanta: the tenant that was served the fewest
 * tokens for its weight comes next, and a tenant that comes back starts where the others are. That is start-time fair queueing
 * (Goyal, Vin and Cheng, SIGCOMM 1996). A batch takes texts that go well together, not simply the next ones, so a tenant may
 * get ahead of another that waits; texts that would put it further ahead than a full batch are not offered.
 */
final class FairQueue {
    private final Urgency urgency;
    private final long lead;
    private final List<TenantQueue> busy = new ArrayList<>();
    private final List<TenantQueue> heap = new ArrayList<>();
    private int size;
    private long systemServed;

    /**
     * An empty queue.
     *
     * @param leadTokens how far a tenant of weight 1 may get ahead of another that waits
     */
    FairQueue(Urgency urgency, int leadTokens) {
        this.urgency = urgency;
        lead = TenantQueue.service(leadTokens, 1);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds a text. */
    void add(PendingRequest request) {
        TenantQueue queue = request.tenant().queue(urgency);
        if (queue.isEmpty()) {
            queue.catchUp(systemServed);
            busy.add(queue);
        }
        size++;
        queue.add(request);
    }

    /** How many texts would go before the given one if it were added now: its tenant's, and others' in the meantime. */
    long textsBefore(PendingRequest request) {
        TenantQueue own = request.tenant().queue(urgency);
        long weights = own.isEmpty() ? request.tenant().weight() : 0;
        for (int i = 0; i < busy.size(); i++) {
            weights += busy.get(i).weight();
        }
        long inTurn = own.placeOf(request) * weights / request.tenant().weight();
        return Math.min(size, inTurn);
    }

    /** When the first of a tenant's texts became ready, the earliest of all tenants and of the given time. */
    long oldestReadyNanos(long laterNanos) {
        long oldest = laterNanos;
        for (int i = 0; i < busy.size(); i++) {
            oldest = busy.get(i).oldestReadyNanos(oldest);
        }
        return oldest;
    }

    /** Appends texts to the window until it is full or all are in it; {@link #endOffer} must follow. */
    void offer(Window window, Pace pace, long nowNanos) {
        heap.clear();
        for (int i = 0; i < busy.size(); i++) {
            busy.get(i).beginOffer();
            heap.add(busy.get(i));
        }
        for (int i = heap.size() / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
        if (heap.isEmpty()) {
            return;
        }
        systemServed = Math.max(systemServed, heap.get(0).served());
        long bound = busy.size() == 1 ? Long.MAX_VALUE : heap.get(0).served() + lead;
        window.share(busy.size() > 1);
        while (!window.isFull() && !heap.isEmpty() && heap.get(0).servedIfTaken() <= bound) {
            PendingRequest next = heap.get(0).offer(pace, nowNanos);
            if (next == null) {
                dropFirst();
            } else {
                window.add(next);
            }
            siftDown(0);
        }
    }

    private void dropFirst() {
        TenantQueue last = heap.remove(heap.size() - 1);
        if (!heap.isEmpty()) {
            heap.set(0, last);
        }
    }

    private void siftDown(int from) {
        int parent = from;
        while (2 * parent + 1 < heap.size()) {
            int child = 2 * parent + 1;
            if (child + 1 < heap.size() && isBefore(child + 1, child)) {
                child++;
            }
            if (!isBefore(child, parent)) {
                return;
            }
            TenantQueue swapped = heap.get(parent);
            heap.set(parent, heap.get(child));
            heap.set(child, swapped);
            parent = child;
        }
    }

    private boolean isBefore(int one, int other) {
        return heap.get(one).servedIfTaken() - heap.get(other).servedIfTaken() < 0;
    }

    /** Takes a text that was offered; it is gone after {@link #endOffer}. */
    void take(PendingRequest request) {
        request.setRemoved(true);
        request.tenant().queue(urgency).charge(request);
    }

    /** Drops the texts that were taken, and those already answered. */
    void endOffer() {
        for (int i = busy.size() - 1; i >= 0; i--) {
            size -= busy.get(i).endOffer();
            dropIfEmpty(i);
        }
    }

    /** Answers and drops what is past its deadline. */
    void expire(long nowNanos) {
        for (int i = busy.size() - 1; i >= 0; i--) {
            expire(i, nowNanos);
        }
    }

    private void expire(int index, long nowNanos) {
        TenantQueue queue = busy.get(index);
        int before = queue.size();
        try {
            queue.expire(nowNanos);
        } finally { // also when a receiver throws: otherwise the size stays wrong for ever
            size -= before - queue.size();
            dropIfEmpty(index);
        }
    }

    /** Drops what is answered already. */
    void sweep() {
        for (int i = busy.size() - 1; i >= 0; i--) {
            size -= busy.get(i).sweep();
            dropIfEmpty(i);
        }
    }

    /** Takes one text out, wherever it is; false if it is not there. */
    boolean remove(PendingRequest request) {
        TenantQueue queue = request.tenant().queue(urgency);
        if (!queue.remove(request)) {
            return false;
        }
        size--;
        if (queue.isEmpty()) {
            busy.remove(queue);
        }
        return true;
    }

    /** Answers and drops everything. */
    void rejectAll(Rejection reason) {
        FirstFailure failure = new FirstFailure();
        busy.forEach(queue -> failure.run(() -> queue.rejectAll(reason)));
        busy.clear();
        size = 0;
        failure.rethrow();
    }

    private void dropIfEmpty(int index) {
        if (busy.get(index).isEmpty()) {
            TenantQueue last = busy.remove(busy.size() - 1);
            if (index < busy.size()) {
                busy.set(index, last);
            }
        }
    }
}
