package io.nuner.micro.rules;

import io.nuner.capacity.simulation.Job;
import io.nuner.engine.EngineLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The simple batcher that this server had before: as soon as a lane is free, the nearest deadline and whatever fits beside it,
 * in the order of deadlines, passing over what does not fit. Deadlines here are equally far, so that is the order of arrival.
 */
public final class DeadlineRule extends QueuedRule {
    private final EngineLimits limits;

    /** A rule with an empty queue. */
    public DeadlineRule(Lanes lanes, EngineLimits limits, int maxWaiting) {
        super(lanes, maxWaiting);
        this.limits = limits;
    }

    @Override
    List<Job> next(Deque<Job> queue, long nowNanos) {
        List<Job> batch = takeWhile(queue, nowNanos, limits::admits);
        Deque<Job> misfits = new ArrayDeque<>();
        int longest = batch.stream().mapToInt(Job::tokens).max().orElse(0);
        int looks = 4 * limits.maxRows();
        while (!queue.isEmpty() && batch.size() < limits.maxRows() && misfits.size() < looks) {
            Job candidate = queue.remove();
            if (nowNanos >= candidate.deadlineNanos()) {
                candidate.refuse(nowNanos);
            } else if (limits.admits(batch.size(), longest, candidate.tokens())) {
                batch.add(candidate);
                longest = Math.max(longest, candidate.tokens());
            } else {
                misfits.add(candidate);
            }
        }
        while (!misfits.isEmpty()) {
            queue.addFirst(misfits.removeLast());
        }
        return batch;
    }
}
