package io.nuner.server;

import io.nuner.server.batching.Tenants;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.rpc.Identification;

/** Who shares a running server, and how they show who they are. Any thread. */
final class Tenancy {
    private final Tenants tenants;
    private final Identification identification;

    Tenancy(TenancyConfig config) {
        tenants = new Tenants(config.weights(), config.namesApart());
        identification = new Identification(tenants, config.keys());
        change(config);
    }

    Tenants tenants() {
        return tenants;
    }

    Identification identification() {
        return identification;
    }

    /** Keys first: meanwhile a name with a new key is refused to those without, and an old key is worth nothing. */
    synchronized void change(TenancyConfig config) {
        identification.use(config.keys());
        tenants.configure(config.weights(), config.namesApart(), config.isShareOfAllWithoutKey());
    }
}
