package io.nuner.micro.rules;

import io.nuner.capacity.simulation.Job;
import io.nuner.engine.EngineLimits;
import java.util.Deque;
import java.util.List;

/**
 * text-embeddings-inference's queue: in order of arrival up to a budget of padded tokens, no delay, and one batch is fetched
 * ahead: it is fixed while the one before it runs, so what arrives meanwhile cannot join it.
 */
public final class TokenBudgetRule extends QueuedRule {
    private final EngineLimits limits;
    private List<Job> fetched = List.of();

    /** A rule with an empty queue. */
    public TokenBudgetRule(Lanes lanes, EngineLimits limits, int maxWaiting) {
        super(lanes, maxWaiting);
        this.limits = limits;
    }

    @Override
    List<Job> next(Deque<Job> queue, long nowNanos) {
        List<Job> batch = fetched.isEmpty() ? take(queue, nowNanos) : fetched;
        fetched = take(queue, nowNanos);
        return batch;
    }

    private List<Job> take(Deque<Job> queue, long nowNanos) {
        return takeWhile(queue, nowNanos, limits::admits);
    }

    @Override
    public void arrived(Job job, long nowNanos) {
        super.arrived(job, nowNanos);
        prefetch(nowNanos);
    }

    /** While the lanes are busy, the first text that arrives is fetched at once, alone if nothing else is there. */
    private void prefetch(long nowNanos) {
        if (fetched.isEmpty() && !hasFreeLane()) {
            fetched = take(waiting(), nowNanos);
        }
    }
}
