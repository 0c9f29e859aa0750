package io.nuner.server.batching;

import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.CostModel;

/**
 * The rules by which batches are formed. Immutable.
 *
 * @param limits what one batch may hold
 * @param costs how long a batch takes
 * @param lanes lanes that will report themselves
 * @param agingNanos bulk texts that have waited this long become interactive
 * @param maxLingerNanos a free lane waits for further texts no longer than this after the oldest became ready, and only
 *     where the costs say that it pays; zero never waits
 */
public record BatchPolicy(EngineLimits limits, CostModel costs, int lanes, long agingNanos, long maxLingerNanos) {
    /** Aging of bulk texts unless set otherwise. */
    public static final long DEFAULT_AGING_NANOS = 2_000_000_000L;
    /** Longest linger unless set otherwise. */
    public static final long DEFAULT_LINGER_NANOS = 2_000_000L;

    public BatchPolicy {
        require(lanes >= 1, "lanes must be at least 1, but was " + lanes);
        require(agingNanos >= 0, "agingNanos must not be negative, but was " + agingNanos);
        require(maxLingerNanos >= 0, "maxLingerNanos must not be negative, but was " + maxLingerNanos);
    }

    /** Defaults for an engine. */
    public static BatchPolicy of(EngineLimits limits, CostModel costs, int lanes) {
        return new BatchPolicy(limits, costs, lanes, DEFAULT_AGING_NANOS, DEFAULT_LINGER_NANOS);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
