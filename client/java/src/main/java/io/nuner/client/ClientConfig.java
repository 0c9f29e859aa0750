package io.nuner.client;

import java.time.Duration;

/**
 * Where the server is, who asks, and how long to wait for it. Immutable.
 *
 * @param target a gRPC name, e.g. {@code localhost:8001} or {@code dns:///nuner.example.org:8001}; calls are spread over
 *     all addresses it resolves to
 * @param transport whether the connection is encrypted
 * @param timeout deadline of one call, retries included
 * @param tenant whose share of the server the calls use; empty if the server need not know or knows by the key
 * @param key shows that the calls are that tenant's; empty if it has none. Sent with every call, so use TLS
 */
public record ClientConfig(String target, Transport transport, Duration timeout, String tenant, String key) {
    /** Deadline of a call unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final int MAX_TENANT_LENGTH = 64;

    public ClientConfig {
        if (target.isBlank()) {
            throw new IllegalArgumentException("target must not be blank");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, but was " + timeout);
        }
        if (tenant.length() > MAX_TENANT_LENGTH || !tenant.chars().allMatch(ClientConfig::isNameCharacter)) {
            throw new IllegalArgumentException("tenant must be at most " + MAX_TENANT_LENGTH
                    + " characters of A-Z, a-z, 0-9, . _ -, but was " + tenant);
        }
        if (!key.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("key must be of printable ASCII characters without blanks");
        }
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    /** An unencrypted connection, for one's own machine or a trusted network. */
    public static ClientConfig plaintext(String target) {
        return new ClientConfig(target, Transport.PLAINTEXT, DEFAULT_TIMEOUT, "", "");
    }

    /** A TLS connection; the server's certificate is checked against the trust store of the JVM. */
    public static ClientConfig tls(String target) {
        return new ClientConfig(target, Transport.TLS, DEFAULT_TIMEOUT, "", "");
    }

    /** The same server with another deadline. */
    public ClientConfig withTimeout(Duration newTimeout) {
        return new ClientConfig(target, transport, newTimeout, tenant, key);
    }

    /** The same server, asked in the name of a tenant. */
    public ClientConfig withTenant(String newTenant) {
        return new ClientConfig(target, transport, timeout, newTenant, key);
    }

    /** The same server, asked with a tenant's key. */
    public ClientConfig withKey(String newKey) {
        return new ClientConfig(target, transport, timeout, tenant, newKey);
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "ClientConfig[target=" + target + ", transport=" + transport + ", timeout=" + timeout + ", tenant="
                + tenant + (key.isEmpty() ? "]" : ", with a key]");
    }

    /** How bytes travel. */
    public enum Transport {
        PLAINTEXT,
        TLS
    }
}
