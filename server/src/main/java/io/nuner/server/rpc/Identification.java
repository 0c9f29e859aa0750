package io.nuner.server.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;
import io.nuner.server.batching.Tenants;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose call it is, before the request is read: by the tenant's name in the metadata {@code nuner-tenant}, by its
 * key in {@code nuner-key}, or by both. Any thread.
 *
 * <p>If a tenant has a key, only callers with that key may use its share. Every fault of a key gets the same answer, so that
 * nobody learns which names have a key.
 */
public final class Identification implements ServerInterceptor {
    /** Name of the metadata that holds a tenant's name. */
    public static final String TENANT = "nuner-tenant";
    /** Name of the metadata that holds a tenant's key. */
    public static final String KEY = "nuner-key";

    private static final int MAX_NAME_LENGTH = 64;
    private static final Metadata.Key<String> TENANT_METADATA =
            Metadata.Key.of(TENANT, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> KEY_METADATA = Metadata.Key.of(KEY, Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Tenant> CALLER = Context.key(TENANT);

    private final Tenants tenants;
    private volatile Keys keys;

    /**
     * Knows these tenants.
     *
     * @param keys digests by tenant, all different; tenants without one are known by their names alone
     */
    public Identification(Tenants tenants, Map<String, KeyDigest> keys) {
        this.tenants = tenants;
        this.keys = Keys.of(keys);
    }

    /** Replaces all keys; the digests are all different. */
    public void use(Map<String, KeyDigest> newKeys) {
        keys = Keys.of(newKeys);
    }

    /** True if a tenant may have this name. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().allMatch(Identification::isNameCharacter);
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Whose the current call is. */
    static Tenant ofCurrentCall() {
        @Nullable Tenant tenant = CALLER.get();
        if (tenant == null) {
            throw new IllegalStateException("the call went past the identification");
        }
        return tenant;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<Refusal> malformed = checkName(headers);
        if (malformed.isPresent()) {
            return RejectionStatus.end(call, malformed.get());
        }
        Optional<Tenant> tenant = tenant(headers);
        if (tenant.isEmpty()) {
            return RejectionStatus.end(call, Refusal.of(Rejection.UNAUTHENTICATED));
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, tenant.get()), call, headers, next);
    }

    private static Optional<Refusal> checkName(Metadata headers) {
        @Nullable Iterable<String> values = headers.getAll(TENANT_METADATA);
        if (values == null) {
            return Optional.empty();
        }
        int count = 0;
        for (String value : values) {
            count++;
            if (count > 1 || !isName(value)) {
                return Optional.of(Refusal.invalid("metadata " + TENANT, nameRule(value.length())));
            }
        }
        return Optional.empty();
    }

    private static String nameRule(int length) {
        String rule = "must be given once, as 1 to " + MAX_NAME_LENGTH + " characters of A-Z, a-z, 0-9, . _ -";
        return length > MAX_NAME_LENGTH ? rule + ", but has " + length : rule;
    }

    /** The caller's tenant; nothing if its key is missing or wrong. */
    private Optional<Tenant> tenant(Metadata headers) {
        @Nullable String name = headers.get(TENANT_METADATA);
        @Nullable String key = headers.get(KEY_METADATA);
        Keys now = keys;
        if (key != null) {
            return Optional.ofNullable(now.owners.get(KeyDigest.of(key)))
                    .filter(owner -> name == null || name.equals(owner))
                    .map(tenants::named);
        }
        Tenant tenant = name == null ? tenants.unnamed() : tenants.named(name);
        boolean locked = now.byName.containsKey(tenant.name()) || (name != null && now.byName.containsKey(name));
        return locked ? Optional.empty() : Optional.of(tenant);
    }

    /**
     * The keys of one moment.
     *
     * @param byName digests by tenant
     * @param owners tenants by digest
     */
    private record Keys(Map<String, KeyDigest> byName, Map<KeyDigest, String> owners) {
        static Keys of(Map<String, KeyDigest> byName) {
            Map<KeyDigest, String> owners = new HashMap<>();
            byName.forEach((name, key) -> owners.put(key, name));
            return new Keys(Map.copyOf(byName), owners);
        }
    }
}
