package io.nuner.server.batching;

import io.nuner.server.batching.AdmissionGate.Holdings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A group of callers that shares the engine with others by weight. Any thread, except for its queues, which are the batcher's.
 *
 * <p>Counts what it holds; the {@link AdmissionGate} decides whether it may hold more.
 *
 * <pre>
 * field               writer               readers              ordered by
 * weight              Tenants              any thread           volatile; written under Tenants' lock
 * holdings            gate, permits        any thread           atomics, each by itself
 * standing, yielding  the gate's callers   the gate's callers   see StandingQueue
 * lastSeenNanos       the gate's callers   Tenants, sweeping    volatile; either of two racing writes will do
 * active              Tenants              any thread           volatile; written under Tenants' lock
 * swept               Tenants              Tenants              Tenants' lock
 * lastDeadlineNanos   batcher              the gate's callers   release store; may be seen late
 * interactive, bulk   batcher              batcher              one thread; their weight is volatile
 * </pre>
 */
public final class Tenant {
    private static final long COARSE_NANOS = 1_000_000L;

    private final String name;
    private volatile int weight;
    private final Holdings holdings = new Holdings();
    private final StandingQueue standing = new StandingQueue();
    private final StandingQueue yielding = new StandingQueue();
    private volatile long lastSeenNanos;
    private volatile boolean active;
    /** Under the lock of {@link Tenants}: a sweep has found it idle. */
    private boolean swept;

    private final AtomicLong lastDeadlineNanos = new AtomicLong();

    // batcher thread only
    private final TenantQueue interactive;
    private final TenantQueue bulk;

    Tenant(String name, int weight) {
        this.name = name;
        this.weight = weight;
        interactive = new TenantQueue(weight);
        bulk = new TenantQueue(weight);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its share of the engine, relative to other tenants' weights. */
    public int weight() {
        return weight;
    }

    /** Under the lock of {@link Tenants}, which adds weights up. */
    void reweigh(int newWeight) {
        weight = newWeight;
        interactive.reweigh(newWeight);
        bulk.reweigh(newWeight);
    }

    /** Texts accepted but not yet answered. */
    public int requestsInFlight() {
        return holdings.requests();
    }

    /** Tokens of those texts. */
    public long tokensInFlight() {
        return holdings.tokens();
    }

    Holdings holdings() {
        return holdings;
    }

    /** Those that yield wait for more than calls do, so each kind is judged by itself. */
    StandingQueue standing(Patience patience) {
        return patience.yields() ? yielding : standing;
    }

    /** Where its texts of an urgency wait. Batcher thread only. */
    TenantQueue queue(Urgency urgency) {
        return urgency == Urgency.BULK ? bulk : interactive;
    }

    /** The deadline of the text that came to the batcher last, on the server's nano clock. */
    long lastDeadlineNanos() {
        return lastDeadlineNanos.get();
    }

    /** Batcher thread only. */
    void publishLastDeadline(long deadlineNanos) {
        lastDeadlineNanos.setRelease(deadlineNanos); // for estimates: it may be seen a moment later
    }

    long lastSeenNanos() {
        return lastSeenNanos;
    }

    /** Notes the time to the millisecond: reading is cheaper than writing, and idleness is counted in seconds. */
    void seen(long nowNanos) {
        if (Math.abs(nowNanos - lastSeenNanos) > COARSE_NANOS) {
            lastSeenNanos = nowNanos;
        }
    }

    boolean isActive() {
        return active;
    }

    void setActive(boolean now) {
        active = now;
        swept = false;
    }

    /** True for the second sweep in a row, and later ones, that find it idle. Under the lock of {@link Tenants}. */
    boolean sweepAgain() {
        boolean again = swept;
        swept = true;
        return again;
    }

    /** Its name and weight; never what it holds. */
    @Override
    public String toString() {
        return name + " (weight " + weight + ")";
    }
}
