package io.nuner.server.batching;

import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What waits for a lane, nearest deadline first; equal deadlines in order of arrival. Batcher thread only.
 *
 * <p>Nobody starves: every request has a deadline at a bounded distance from its arrival, so it comes to the front, and
 * the front always goes first.
 */
final class WaitingRequests {
    private static final int SWEEP_FLOOR = 1024;

    private final PriorityQueue<Waiting> queue = new PriorityQueue<>();
    private final EngineLimits limits;
    private long arrivals;
    private int sweepAt = SWEEP_FLOOR;

    WaitingRequests(EngineLimits limits) {
        this.limits = limits;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /** Adds a request; answered ones are swept out whenever the number doubled, so they cannot pile up. */
    void add(PendingRequest request) {
        queue.add(new Waiting(request, arrivals++));
        if (queue.size() >= sweepAt) {
            queue.removeIf(waiting -> !waiting.request.reply().isOpen());
            sweepAt = Math.max(SWEEP_FLOOR, 2 * queue.size());
        }
    }

    /** Answers and drops what is past its deadline. */
    void expire(long nowNanos) {
        Waiting first = queue.peek();
        while (first != null && !first.request.isWanted(nowNanos)) {
            queue.remove();
            first = queue.peek();
        }
    }

    /**
     * Takes the nearest deadline and whatever fits beside it; empty if nobody waits who still wants an answer.
     *
     * <p>Looks at no more than four times the rows of a batch, so that one huge text does not make it search for ever.
     */
    List<PendingRequest> takeBatch(long nowNanos) {
        List<PendingRequest> batch = new ArrayList<>();
        List<Waiting> misfits = new ArrayList<>();
        int longest = 0;
        int looks = 4 * limits.maxRows();
        while (!queue.isEmpty() && batch.size() < limits.maxRows() && misfits.size() < looks) {
            Waiting next = queue.remove();
            int tokens = next.request.row().tokenCount();
            if (!next.request.isWanted(nowNanos)) {
                continue;
            }
            if (limits.admits(batch.size(), longest, tokens)) {
                batch.add(next.request);
                longest = Math.max(longest, tokens);
            } else {
                misfits.add(next);
            }
        }
        queue.addAll(misfits);
        return batch;
    }

    /** Answers and drops everything. */
    void rejectAll(Rejection rejection) {
        queue.forEach(waiting -> waiting.request.reply().reject(rejection));
        queue.clear();
    }

    private record Waiting(PendingRequest request, long arrival) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            // By difference: nano clocks wrap around.
            long apart = request.deadlineNanos() - other.request.deadlineNanos();
            return apart != 0 ? Long.signum(apart) : Long.compare(arrival, other.arrival);
        }
    }
}
