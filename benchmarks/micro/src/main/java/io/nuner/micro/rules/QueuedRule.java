package io.nuner.micro.rules;

import io.nuner.capacity.simulation.BatchingRule;
import io.nuner.capacity.simulation.Job;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;

/** What the compared rules share: a bounded queue, free lanes, and texts that are dropped when nobody waits for them. */
abstract class QueuedRule implements BatchingRule {
    private final Lanes lanes;
    private final int maxWaiting;
    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Queue<Integer> free = new ArrayDeque<>();

    /**
     * A rule with an empty queue.
     *
     * @param maxWaiting texts in the queue; more are refused
     */
    QueuedRule(Lanes lanes, int maxWaiting) {
        this.lanes = lanes;
        this.maxWaiting = maxWaiting;
    }

    /** Takes the next batch out of the queue, empty if none is due. Called only while a lane is free. */
    abstract List<Job> next(Deque<Job> queue, long nowNanos);

    @Override
    public void arrived(Job job, long nowNanos) {
        if (waiting.size() >= maxWaiting) {
            job.refuse(nowNanos);
            return;
        }
        waiting.add(job);
        dispatch(nowNanos);
    }

    @Override
    public void laneFreed(int lane, long nowNanos) {
        free.add(lane);
        dispatch(nowNanos);
    }

    @Override
    public void wake(long nowNanos) {
        dispatch(nowNanos);
    }

    @Override
    public long alarmNanos() {
        return NO_ALARM;
    }

    Deque<Job> waiting() {
        return waiting;
    }

    boolean hasFreeLane() {
        return !free.isEmpty();
    }

    void dispatch(long nowNanos) {
        boolean more = true;
        while (more && !free.isEmpty()) {
            List<Job> batch = next(waiting, nowNanos);
            more = !batch.isEmpty();
            if (more) {
                lanes.start(free.remove(), batch);
            }
        }
    }

    /** Drops the texts at the front that nobody waits for any more. */
    static void dropExpired(Deque<Job> queue, long nowNanos) {
        Job first = queue.peek();
        while (first != null && nowNanos >= first.deadlineNanos()) {
            first.refuse(nowNanos);
            queue.remove();
            first = queue.peek();
        }
    }

    /** Takes texts from the front while they fit. */
    static List<Job> takeWhile(Deque<Job> queue, long nowNanos, Fit fit) {
        List<Job> batch = new ArrayList<>();
        int longest = 0;
        dropExpired(queue, nowNanos);
        Job next = queue.peek();
        while (next != null && (batch.isEmpty() || fit.admits(batch.size(), longest, next.tokens()))) {
            batch.add(next);
            longest = Math.max(longest, next.tokens());
            queue.remove();
            dropExpired(queue, nowNanos);
            next = queue.peek();
        }
        return batch;
    }

    /** Whether one more fits. */
    @FunctionalInterface
    interface Fit {
        boolean admits(int rows, int longest, int tokens);
    }
}
