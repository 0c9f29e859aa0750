package io.nuner.micro.rules;

import io.nuner.capacity.simulation.Job;
import io.nuner.engine.EngineLimits;
import java.util.Deque;
import java.util.List;

/**
 * Triton's dynamic batcher: in order of arrival, a batch leaves when it is full or its oldest text has waited for a fixed
 * delay; a batch that is formed late takes all that fits when it is formed.
 */
public final class FixedDelayRule extends QueuedRule {
    private final EngineLimits limits;
    private final int maxBatch;
    private final long delayNanos;
    private long alarmNanos = NO_ALARM;

    /**
     * A rule with an empty queue.
     *
     * @param maxBatch texts of a full batch
     * @param delayNanos {@code max_queue_delay_microseconds}, in nanoseconds
     */
    public FixedDelayRule(Lanes lanes, EngineLimits limits, int maxBatch, long delayNanos, int maxWaiting) {
        super(lanes, maxWaiting);
        this.limits = limits;
        this.maxBatch = maxBatch;
        this.delayNanos = delayNanos;
    }

    @Override
    List<Job> next(Deque<Job> queue, long nowNanos) {
        dropExpired(queue, nowNanos);
        alarmNanos = NO_ALARM;
        Job first = queue.peek();
        if (first == null) {
            return List.of();
        }
        long due = first.arrival().atNanos() + delayNanos;
        if (queue.size() < maxBatch && nowNanos < due) {
            alarmNanos = due;
            return List.of();
        }
        return takeWhile(
                queue, nowNanos, (rows, longest, tokens) -> rows < maxBatch && limits.admits(rows, longest, tokens));
    }

    @Override
    public long alarmNanos() {
        return hasFreeLane() ? alarmNanos : NO_ALARM;
    }
}
