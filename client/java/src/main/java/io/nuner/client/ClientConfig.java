package io.nuner.client;

import java.time.Duration;

/**
 * Where the server is and how long to wait for it. Immutable.
 *
 * @param target a gRPC name, e.g. {@code localhost:8001} or {@code dns:///nuner.example.org:8001}; calls are spread over
 *     all addresses it resolves to
 * @param transport whether the connection is encrypted
 * @param timeout deadline of one call, retries included
 */
public record ClientConfig(String target, Transport transport, Duration timeout) {
    /** Deadline of a call unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public ClientConfig {
        if (target.isBlank()) {
            throw new IllegalArgumentException("target must not be blank");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, but was " + timeout);
        }
    }

    /** An unencrypted connection, for one's own machine or a trusted network. */
    public static ClientConfig plaintext(String target) {
        return new ClientConfig(target, Transport.PLAINTEXT, DEFAULT_TIMEOUT);
    }

    /** A TLS connection; the server's certificate is checked against the trust store of the JVM. */
    public static ClientConfig tls(String target) {
        return new ClientConfig(target, Transport.TLS, DEFAULT_TIMEOUT);
    }

    /** The same server with another deadline. */
    public ClientConfig withTimeout(Duration newTimeout) {
        return new ClientConfig(target, transport, newTimeout);
    }

    /** How bytes travel. */
    public enum Transport {
        PLAINTEXT,
        TLS
    }
}
