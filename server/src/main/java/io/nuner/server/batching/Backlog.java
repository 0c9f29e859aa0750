package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits and how fast it goes, as the batcher tells other threads. Written by the batcher thread only, read by any.
 *
 * <pre>
 * field                            writer                     readers                      ordered by
 * nanosPerToken, drift             batcher, after a run       any thread                   a release store each
 * laneFreeNanos, runningTokens     batcher, at each decision  the gate's callers           a release store each
 * waiting, oldestReadyNanos        batcher, at each decision  metrics                      a release store each
 * </pre>
 *
 * <p>Values may be of different moments: readers only estimate.
 */
public final class Backlog {
    private final AtomicLong nanosPerToken = new AtomicLong();
    private final AtomicLong laneFreeNanos = new AtomicLong();
    private final AtomicLong runningTokens = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong oldestReadyNanos = new AtomicLong();
    private final AtomicLong drift = new AtomicLong(Double.doubleToRawLongBits(1));

    /** Texts that wait for a lane. */
    public int waiting() {
        return (int) waiting.get();
    }

    /** How long the oldest text seen at the last decision had waited at {@code nowNanos}; zero if none waits. */
    public long oldestAgeNanos(long nowNanos) {
        return waiting.get() == 0 ? 0 : Math.max(0, nowNanos - oldestReadyNanos.get());
    }

    /** Time of recent batches over what was measured at start. */
    public double drift() {
        return Double.longBitsToDouble(drift.get());
    }

    /** How long the given number of tokens takes, all lanes at work, once the first lane is free. */
    long delayNanos(long tokens, long nowNanos) {
        long ahead = Math.max(0, tokens - runningTokens.get());
        return untilFreeNanos(nowNanos) + (long) (ahead * Double.longBitsToDouble(nanosPerToken.get()));
    }

    /** How long until the first lane is free. */
    long untilFreeNanos(long nowNanos) {
        return Math.max(0, laneFreeNanos.get() - nowNanos);
    }

    void publishPace(double newNanosPerToken, double newDrift) {
        nanosPerToken.setRelease(Double.doubleToRawLongBits(newNanosPerToken));
        drift.setRelease(Double.doubleToRawLongBits(newDrift));
    }

    void publishLanes(long firstFreeNanos, long tokensRunning) {
        laneFreeNanos.setRelease(firstFreeNanos);
        runningTokens.setRelease(tokensRunning);
    }

    void publishWaiting(int count, long oldestNanos) {
        waiting.setRelease(count);
        oldestReadyNanos.setRelease(oldestNanos);
    }
}
