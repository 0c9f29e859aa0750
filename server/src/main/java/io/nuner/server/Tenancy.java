package io.nuner.server;

import io.nuner.server.batching.Tenants;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.rpc.Identification;

/** The tenants of a running server and their keys. Any thread. */
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

    /** Keys first: in between, a new key is needed already, and an old key is refused. */
    synchronized void change(TenancyConfig config) {
        identification.use(config.keys());
        tenants.configure(config.weights(), config.namesApart(), config.isShareOfAllWithoutKey());
    }
}
