package io.nuner.server.batching;

/**
 * The state of one tenant's queue: empty enough, in a burst, which is welcome, or standing, which only makes everybody wait.
 * Any thread.
 *
 * <p>A queue stands once its delay has been above the limit for {@link #BURST_NANOS} without a break, or when it is above
 * the limit {@value #BURST_FACTOR} times over. From then on it takes what keeps it within the limit, until it has been below
 * half of it for {@link #CALM_NANOS}: without that memory, each dip below the limit would let a whole burst in again. The idea
 * of judging by how long a delay lasts, not by its size, is CoDel's (Nichols and Jacobson, ACM Queue 10(5), 2012); here it
 * decides who comes in, not who is dropped.
 *
 * <pre>
 * field             writer              readers             ordered by
 * above             the gate's callers  the gate's callers  volatile, no lock
 * aboveSinceNanos   the gate's callers  the gate's callers  volatile, written before above is set
 * standing          the gate's callers  the gate's callers  volatile, no lock
 * lastHighNanos     the gate's callers  the gate's callers  volatile, no lock
 * </pre>
 *
 * <p>Two threads that race may each judge one request by a state that is a moment old; either order of the two is right.
 */
final class StandingQueue {
    static final long BURST_NANOS = 100_000_000L;
    static final long CALM_NANOS = 1_000_000_000L;
    static final int BURST_FACTOR = 4;

    private volatile boolean above;
    private volatile long aboveSinceNanos;
    private volatile boolean standing;
    private volatile long lastHighNanos;

    /** Judges a queue of the given delay, and notes it; true if one more text may wait in it. */
    boolean admit(long delayNanos, long limitNanos, long nowNanos) {
        if (delayNanos > limitNanos / 2) {
            lastHighNanos = nowNanos;
        } else if (standing && nowNanos - lastHighNanos >= CALM_NANOS) {
            standing = false;
        }
        if (delayNanos <= limitNanos) {
            if (above) { // reading is cheaper than writing, and this is the common way
                above = false;
            }
            return true;
        }
        return !standing && judgeBurst(delayNanos, limitNanos, nowNanos);
    }

    private boolean judgeBurst(long delayNanos, long limitNanos, long nowNanos) {
        if (!above) {
            aboveSinceNanos = nowNanos;
            above = true;
        }
        boolean burst = delayNanos / BURST_FACTOR <= limitNanos && nowNanos - aboveSinceNanos < BURST_NANOS;
        standing = !burst;
        return burst;
    }
}
