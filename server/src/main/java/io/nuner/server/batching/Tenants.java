package io.nuner.server.batching;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * All tenants by name, and the sum of the weights of those seen lately. Any thread.
 *
 * <p>Names beyond the bound share one tenant, so made-up names cost no memory; names that were not configured are forgotten
 * once nobody has used them for a while, so that they make room. A call looks its tenant up before its text has come, so a
 * name outlives the first sweep that finds it idle. If it is forgotten before it is {@linkplain #seen seen}, its tenant counts
 * all the same: the sum goes by the set of active tenants, not by names.
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

    private volatile Map<String, Integer> weights = Map.of();
    private final Map<String, Tenant> byName = new ConcurrentHashMap<>();
    private final Set<Tenant> activeTenants = new HashSet<>();
    private final Tenant others;
    private volatile Tenant unnamed;
    private volatile int mostNames;
    private final AtomicLong nextSweepNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile long activeWeight;

    /**
     * Tenants of the given weights; all others have weight 1.
     *
     * @param maxNames names beyond those of {@code weights} that are told apart
     */
    public Tenants(Map<String, Integer> weights, int maxNames) {
        others = create(OTHERS);
        unnamed = others;
        configure(weights, maxNames, false);
    }

    /**
     * Changes weights and names; texts that are under way keep their tenant. A tenant that is not configured any more
     * loses its place: its name is treated like any other.
     *
     * @param maxNames names beyond those of {@code newWeights} that are told apart
     * @param unnamedShare callers who name none share with those beyond the bound, unless {@link #DEFAULT} has a weight
     */
    public synchronized void configure(Map<String, Integer> newWeights, int maxNames, boolean unnamedShare) {
        Set<String> before = weights.keySet();
        weights = Map.copyOf(newWeights);
        boolean apart = !unnamedShare || weights.containsKey(DEFAULT);
        Set<String> kept = new HashSet<>(weights.keySet());
        kept.add(OTHERS);
        if (apart) {
            kept.add(DEFAULT);
        }
        kept.forEach(name -> reweigh(create(name)));
        unnamed = apart ? create(DEFAULT) : others;
        for (Tenant tenant : List.copyOf(byName.values())) {
            boolean madeUp = !before.contains(tenant.name()) && !tenant.name().equals(DEFAULT);
            if (!kept.contains(tenant.name()) && (maxNames == 0 || !madeUp)) {
                reweigh(tenant);
                byName.remove(tenant.name());
            }
        }
        mostNames = kept.size() + maxNames;
    }

    private synchronized void reweigh(Tenant tenant) {
        int weight = weights.getOrDefault(tenant.name(), DEFAULT_WEIGHT);
        if (tenant.isActive()) {
            activeWeight += weight - tenant.weight();
        }
        tenant.reweigh(weight);
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

    /** Every tenant that has a name of its own here, in no order. */
    public Stream<Tenant> all() {
        return byName.values().stream();
    }

    /** True if the tenant's weight was configured, so that its name may be shown to operators. */
    public boolean isConfigured(Tenant tenant) {
        return weights.containsKey(tenant.name()) || tenant == unnamed || tenant == others;
    }

    /** Notes that a tenant asks for something; now and then forgets tenants that ask no more. */
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
        byName.values().removeIf(tenant -> !isConfigured(tenant) && !tenant.isActive() && tenant.sweepAgain());
    }
}
