package io.nuner.server;

import io.nuner.server.rpc.Identification;
import io.nuner.server.rpc.KeyDigest;
import java.util.HashSet;
import java.util.Map;

/**
 * Who shares the server, and how. Immutable.
 *
 * @param weights shares of the engine by tenant, relative to each other; all other tenants have weight 1
 * @param keys tenants of {@code weights} that are served to callers with a key only; no key of two tenants
 * @param maxNames tenants told apart beyond those; further ones share the tenant {@code other}
 */
public record TenancyConfig(Map<String, Integer> weights, Map<String, KeyDigest> keys, int maxNames) {
    public static final TenancyConfig DEFAULT = new TenancyConfig(Map.of(), Map.of(), 1000);
    public static final int MAX_WEIGHT = 1000;

    private static final int MOST_NAMES = 100_000;

    public TenancyConfig {
        weights = Map.copyOf(weights);
        keys = Map.copyOf(keys);
        weights.forEach(TenancyConfig::check);
        for (String name : keys.keySet()) {
            Require.that(weights.containsKey(name), "tenancy.keys", "of tenants that have a weight", name);
        }
        boolean distinct = new HashSet<>(keys.values()).size() == keys.size();
        Require.that(distinct, "tenancy.keys", "different for each tenant", "the same for two");
        Require.that(maxNames >= 0 && maxNames <= MOST_NAMES, "tenancy.max-tenants", "from 0 to 100000", maxNames);
    }

    private static void check(String name, int weight) {
        Require.that(
                Identification.isName(name), "tenancy.weights", "of names of 1 to 64 of A-Z, a-z, 0-9, . _ -", name);
        boolean inRange = weight >= 1 && weight <= MAX_WEIGHT;
        Require.that(inRange, "tenancy.weights", "from 1 to " + MAX_WEIGHT, weight + " of " + name);
    }
}
