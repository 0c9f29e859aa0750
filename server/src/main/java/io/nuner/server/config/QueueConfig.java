package io.nuner.server.config;

import io.nuner.engine.EngineLimits;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.costs.CostModel;
import java.time.Duration;

/**
 * How long texts wait, and for what. Immutable.
 *
 * @param delay how long a queue of interactive texts may stand before new ones are refused; zero takes twice the time of
 *     the fullest batch, at least {@link #LEAST_AUTOMATIC_DELAY}
 * @param bulkAging bulk texts that have waited this long become interactive
 * @param maxLinger a free lane waits for further texts at most this long, where the costs say that it pays; zero never
 */
public record QueueConfig(Duration delay, Duration bulkAging, Duration maxLinger) {
    private static final Duration LONGEST = Duration.ofHours(1); // before DEFAULT, which is checked against it

    public static final QueueConfig DEFAULT = new QueueConfig(
            Duration.ZERO,
            Duration.ofNanos(BatchPolicy.DEFAULT_AGING_NANOS),
            Duration.ofNanos(BatchPolicy.DEFAULT_LINGER_NANOS));

    static final Duration LEAST_AUTOMATIC_DELAY = Duration.ofMillis(250);

    public QueueConfig {
        check("queue.queue-delay", delay);
        check("queue.bulk-aging", bulkAging);
        check("queue.max-linger", maxLinger);
    }

    private static void check(String key, Duration value) {
        Require.notNegative(key, value);
        Require.that(value.compareTo(LONGEST) <= 0, key, "at most " + LONGEST, value);
    }

    /** As records are written, but {@code auto} for a delay that the costs decide. */
    @Override
    public String toString() {
        String shown = delay.isZero() ? "auto" : delay.toString();
        return "QueueConfig[delay=" + shown + ", bulkAging=" + bulkAging + ", maxLinger=" + maxLinger + "]";
    }

    /** How long a queue may stand before an engine of these costs. */
    public long delayNanos(CostModel costs, EngineLimits limits) {
        return delay.isZero()
                ? Math.max(LEAST_AUTOMATIC_DELAY.toNanos(), 2 * fullestBatchNanos(costs, limits))
                : delay.toNanos();
    }

    /** The time of the dearest batch: with the most rows, or with the longest rows. */
    private static long fullestBatchNanos(CostModel costs, EngineLimits limits) {
        int shortest = Math.max(1, Math.min(limits.maxRowTokens(), limits.maxBatchTokens() / limits.maxRows()));
        int fewest = Math.max(1, Math.min(limits.maxRows(), limits.maxBatchTokens() / limits.maxRowTokens()));
        return Math.max(fullNanos(costs, limits.maxRows(), shortest), fullNanos(costs, fewest, limits.maxRowTokens()));
    }

    private static long fullNanos(CostModel costs, int rows, int length) {
        return Math.min(LONGEST.toNanos(), costs.nanos(rows, length, rows * length));
    }

    /** The policy by which batches are formed on an engine of these costs. */
    public BatchPolicy policy(EngineLimits limits, CostModel costs, int lanes) {
        return new BatchPolicy(limits, costs, lanes, bulkAging.toNanos(), maxLinger.toNanos());
    }
}
