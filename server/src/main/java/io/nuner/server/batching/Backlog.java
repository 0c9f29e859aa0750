package io.nuner.server.batching;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the batcher lets others know of what waits and how fast it goes. Written by the batcher thread only, read by any.
 *
 * <p>Each value is published by a release store of its own: readers estimate, so a set that is not of one moment does no
 * harm.
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
        long untilFree = Math.max(0, laneFreeNanos.get() - nowNanos);
        return untilFree + (long) (ahead * Double.longBitsToDouble(nanosPerToken.get()));
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
