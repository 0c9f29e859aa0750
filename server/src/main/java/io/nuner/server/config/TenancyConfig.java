package io.nuner.server.config;

import io.nuner.server.rpc.Identification;
import io.nuner.server.rpc.KeyDigest;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Who shares the server, and how. Immutable.
 *
 * @param weights shares of the engine by tenant, relative to each other; all other tenants have weight 1
 * @param keys tenants of {@code weights} that are served to callers with a key only; no key of two tenants
 * @param maxNames tenants told apart beyond those; further ones share the tenant {@code other}. If it is empty, it is
 *     {@value #NAMES_WITHOUT_KEYS} where no tenant has a key. Where one has, no name beyond those is worth a share: all callers
 *     that show no key and are not of {@code weights} are together the tenant {@code other}, with or without a name
 */
public record TenancyConfig(Map<String, Integer> weights, Map<String, KeyDigest> keys, OptionalInt maxNames) {
    public static final TenancyConfig DEFAULT = new TenancyConfig(Map.of(), Map.of(), OptionalInt.empty());
    public static final int MAX_WEIGHT = 1000;

    private static final int NAMES_WITHOUT_KEYS = 1000;
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
        maxNames.ifPresent(names -> Require.that(
                names >= 0 && names <= MOST_NAMES, "tenancy.max-tenants", "from 0 to " + MOST_NAMES, names));
    }

    private static void check(String name, int weight) {
        Require.that(
                Identification.isName(name), "tenancy.weights", "of names of 1 to 64 of A-Z, a-z, 0-9, . _ -", name);
        boolean inRange = weight >= 1 && weight <= MAX_WEIGHT;
        Require.that(inRange, "tenancy.weights", "from 1 to " + MAX_WEIGHT, weight + " of " + name);
    }

    /** Names beyond those of {@code weights} that are told apart. */
    public int namesApart() {
        return maxNames.orElse(keys.isEmpty() ? NAMES_WITHOUT_KEYS : 0);
    }

    /** True if callers without a name share with callers whose name is not in {@code weights}. */
    public boolean isShareOfAllWithoutKey() {
        return maxNames.isEmpty() && !keys.isEmpty();
    }
}
