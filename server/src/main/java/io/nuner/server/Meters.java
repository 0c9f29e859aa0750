package io.nuner.server;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import io.nuner.server.batching.Urgency;
import io.nuner.server.observe.BatchMeters;
import io.nuner.server.observe.Counts;
import io.nuner.server.observe.ServerMetrics;
import io.nuner.server.observe.TenantMeters;
import io.nuner.server.texts.TextObserver;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts texts and batches. Any thread; the methods of {@link Batcher.Observer} on the batcher's. Counting allocates nothing.
 *
 * <p>Tenants of the configuration are counted by name, at most {@link #MAX_NAMED} in the life of the server, however often the
 * configuration changes; all others are counted together.
 */
final class Meters implements Batcher.Observer, TextObserver {
    static final int MAX_NAMED = 32;
    private static final Comparator<Tenant> HEAVIEST_FIRST =
            Comparator.comparingInt(Tenant::weight).reversed().thenComparing(Tenant::name);

    private final BatchMeters batches;
    private final Function<String, TenantMeters<Rejection>> maker;
    /** Guarded by this object's lock. A series is never removed. */
    private final Map<String, TenantMeters<Rejection>> byName = new HashMap<>();

    private volatile Map<Tenant, TenantMeters<Rejection>> named = Map.of();
    private final TenantMeters<Rejection> unnamed;
    private final TenantMeters<Rejection> others;
    private final Counts<Rejection> dropped;
    private final EngineLimits limits;
    private final EngineCells cells;

    Meters(ServerMetrics metrics, Tenants tenants, InferenceEngine engine) {
        limits = engine.limits();
        cells = engine.cells();
        int mostTokens = Math.max(limits.maxBatchTokens(), limits.maxRowTokens());
        batches = metrics.batches(new BatchMeters.Largest(limits.maxRows(), limits.maxRowTokens(), mostTokens));
        dropped = metrics.counts("nuner.dropped", "Texts dropped after admission", "reason", Rejection.class);
        maker = metrics.tenants(Rejection.class);
        unnamed = byName.computeIfAbsent(Tenants.DEFAULT, maker);
        others = byName.computeIfAbsent(Tenants.OTHERS, maker);
        follow(tenants);
    }

    /** Counts the tenants of the configuration by name, the heaviest first, while there is room for their series. */
    synchronized void follow(Tenants tenants) {
        Map<Tenant, TenantMeters<Rejection>> byTenant = new HashMap<>();
        tenants.all().filter(tenants::isConfigured).sorted(HEAVIEST_FIRST).forEach(tenant -> {
            if (byName.size() < MAX_NAMED + 2) {
                byName.computeIfAbsent(tenant.name(), maker);
            }
            TenantMeters<Rejection> meters = byName.get(tenant.name());
            if (meters != null) {
                byTenant.put(tenant, meters);
            }
        });
        named = Map.copyOf(byTenant);
    }

    private TenantMeters<Rejection> of(Tenant tenant) {
        TenantMeters<Rejection> meters = named.get(tenant);
        return meters == null ? others : meters;
    }

    @Override
    public void answered(Tenant tenant, long nanos, int tokens, boolean inTime) {
        if (inTime) {
            of(tenant).answeredInTime(nanos, tokens);
        } else {
            of(tenant).answered(nanos);
        }
    }

    @Override
    public void refused(Tenant tenant, Rejection reason, int texts) {
        of(tenant).refused(reason, texts);
    }

    /** Counted for callers without a name, since the caller of an unread call is not known. */
    @Override
    public void unread(Rejection reason) {
        unnamed.refused(reason, 1);
    }

    @Override
    public void dropped(Rejection reason) {
        dropped.add(reason, 1);
    }

    @Override
    public void launched(Batch batch) {
        double padded = (double) cells.paddedRows(batch.size()) * cells.paddedLength(batch.longestRow());
        batches.launched(batch.size(), batch.longestRow(), batch.tokens(), padded, used(batch));
        long endNanos = batch.startNanos() + batch.expectedNanos();
        for (int row = 0; row < batch.size(); row++) {
            PendingRequest text = batch.get(row);
            batches.waited(text.reply().urgency() == Urgency.BULK, batch.startNanos() - text.readyNanos());
            batches.slack(text.deadlineNanos() - endNanos);
        }
    }

    /** The larger of used rows and used padded tokens; a single row that is longer than a batch fills it. */
    private double used(Batch batch) {
        double rows = (double) batch.size() / limits.maxRows();
        double tokens = (double) batch.paddedTokens() / limits.maxBatchTokens();
        return Math.min(1, Math.max(rows, tokens));
    }

    @Override
    public void finished(Batch batch) {
        if (batch.runNanos() > 0) {
            batches.ran(batch.runNanos(), batch.expectedNanos());
        }
    }
}
