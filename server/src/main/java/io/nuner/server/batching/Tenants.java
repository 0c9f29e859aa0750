package io.nuner.server.batching;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Everybody who shares the engine, by name, and how much weight those have who were seen lately. Any thread.
 *
 * <p>Names beyond the bound share one tenant, so made-up names cost no memory.
 *
 * <p>Whoever changes a tenant's {@code active} flag does so under this object's lock and changes the sum with it; the lock
 * is taken when a tenant comes or goes, not for each request. A reader may see a sum that is one tenant behind, which moves a
 * bound for a moment and nothing else.
 */
public final class Tenants {
    /** The tenant of callers who name none. */
    public static final String DEFAULT = "default";
    /** The tenant of all callers whose names are beyond the bound. */
    public static final String OTHERS = "other";

    private static final int DEFAULT_WEIGHT = 1;
    private static final long SWEEP_NANOS = 1_000_000_000L;
    private static final long FORGET_NANOS = 10_000_000_000L;

    private final Map<String, Integer> weights;
    private final int maxNames;
    private final Map<String, Tenant> byName = new ConcurrentHashMap<>();
    private final Tenant unnamed;
    private final Tenant others;
    private final AtomicLong nextSweepNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile long activeWeight;

    /**
     * Tenants of the given weights; all others have weight 1.
     *
     * @param maxNames names beyond those of {@code weights} that are told apart
     */
    public Tenants(Map<String, Integer> weights, int maxNames) {
        this.weights = Map.copyOf(weights);
        this.maxNames = maxNames;
        unnamed = create(DEFAULT);
        others = create(OTHERS);
        this.weights.keySet().forEach(this::create);
    }

    private Tenant create(String name) {
        return byName.computeIfAbsent(name, key -> new Tenant(key, weights.getOrDefault(key, DEFAULT_WEIGHT)));
    }

    /** The tenant of callers who name none. */
    public Tenant unnamed() {
        return unnamed;
    }

    /** The tenant of that name. */
    public Tenant named(String name) {
        Tenant known = byName.get(name);
        if (known != null) {
            return known;
        }
        return byName.size() < weights.size() + maxNames ? create(name) : others;
    }

    /** Every tenant that was told apart, in no order. */
    public Stream<Tenant> all() {
        return byName.values().stream();
    }

    /** True if the tenant's weight was configured, so that its name may be shown to operators. */
    public boolean isConfigured(Tenant tenant) {
        return weights.containsKey(tenant.name()) || tenant == unnamed || tenant == others;
    }

    /** Notes that a tenant asks for something; now and then forgets those who do no more. */
    void seen(Tenant tenant, long nowNanos) {
        tenant.seen(nowNanos);
        if (!tenant.isActive()) {
            activate(tenant);
        }
        long due = nextSweepNanos.get();
        if ((due == Long.MIN_VALUE || nowNanos - due >= 0)
                && nextSweepNanos.compareAndSet(due, nowNanos + SWEEP_NANOS)) {
            forgetIdle(nowNanos);
        }
    }

    /** The weight of those seen lately, the given one included. */
    long activeWeight(Tenant tenant) {
        return Math.max(activeWeight, tenant.weight());
    }

    private synchronized void activate(Tenant tenant) {
        if (!tenant.isActive()) {
            tenant.setActive(true);
            activeWeight += tenant.weight();
        }
    }

    private synchronized void forgetIdle(long nowNanos) {
        for (Tenant tenant : byName.values()) {
            boolean idle = nowNanos - tenant.lastSeenNanos() > FORGET_NANOS && tenant.requestsInFlight() == 0;
            if (tenant.isActive() && idle) {
                tenant.setActive(false);
                activeWeight -= tenant.weight();
            }
        }
    }
}
