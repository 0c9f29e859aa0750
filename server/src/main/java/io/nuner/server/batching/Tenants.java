package io.nuner.server.batching;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Everybody who shares the engine, by name, and how much weight those have who were seen lately. Any thread.
 *
 * <p>Names beyond the bound share one tenant, so made-up names cost no memory; names that were not configured are forgotten
 * once nobody has used them for a while, so that they make room. Who was forgotten between being looked up and being
 * {@linkplain #seen seen} is counted all the same, because the sum goes by the set of active tenants, not by names.
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
    private final Map<String, Tenant> byName = new ConcurrentHashMap<>();
    private final Set<Tenant> activeTenants = new HashSet<>();
    private final int mostNames;
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
        unnamed = create(DEFAULT);
        others = create(OTHERS);
        this.weights.keySet().forEach(this::create);
        mostNames = byName.size() + maxNames;
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
        return byName.size() < mostNames ? createWithinBound(name) : others;
    }

    private synchronized Tenant createWithinBound(String name) {
        return byName.size() < mostNames || byName.containsKey(name) ? create(name) : others;
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

    /** The weight of those seen lately. */
    public long activeWeight() {
        return activeWeight;
    }

    /** The weight of those seen lately, the given one included. */
    long activeWeight(Tenant tenant) {
        return Math.max(activeWeight, tenant.weight());
    }

    private synchronized void activate(Tenant tenant) {
        if (!tenant.isActive()) {
            tenant.setActive(true);
            activeTenants.add(tenant);
            activeWeight += tenant.weight();
        }
    }

    private synchronized void forgetIdle(long nowNanos) {
        for (Iterator<Tenant> active = activeTenants.iterator(); active.hasNext(); ) {
            Tenant tenant = active.next();
            if (nowNanos - tenant.lastSeenNanos() > FORGET_NANOS && tenant.requestsInFlight() == 0) {
                tenant.setActive(false);
                activeWeight -= tenant.weight();
                active.remove();
            }
        }
        byName.values().removeIf(tenant -> !tenant.isActive() && !isConfigured(tenant));
    }
}
