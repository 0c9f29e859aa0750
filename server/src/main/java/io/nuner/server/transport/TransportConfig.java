package io.nuner.server.transport;

import java.time.Duration;

/**
 * What one connection may do. Immutable.
 *
 * @param callsPerConnection calls at the same time
 * @param metadataBytes metadata of one call
 * @param resetsPerHalfMinute stream resets of both sides, so about two for each call that the client cancels; a
 *     connection with more is dropped, against rapid reset (CVE-2023-44487, CVE-2025-55163)
 * @param maxIdle a connection without calls is closed after this
 * @param maxAge a connection is asked to close after this, so that clients rebalance
 */
public record TransportConfig(
        int callsPerConnection, int metadataBytes, int resetsPerHalfMinute, Duration maxIdle, Duration maxAge) {
    public static final TransportConfig DEFAULT =
            new TransportConfig(256, 8 * 1024, 3000, Duration.ofMinutes(15), Duration.ofMinutes(30));

    public TransportConfig {
        positive("transport.calls-per-connection", callsPerConnection);
        positive("transport.metadata-bytes", metadataBytes);
        positive("transport.resets-per-half-minute", resetsPerHalfMinute);
        require(
                metadataBytes <= NettyTransport.HARD_METADATA_BYTES / 2,
                "transport.metadata-bytes",
                "at most " + NettyTransport.HARD_METADATA_BYTES / 2,
                metadataBytes);
        require(maxIdle.toMillis() > 0, "transport.max-idle", "longer than zero", maxIdle);
        require(maxAge.toMillis() > 0, "transport.max-age", "longer than zero", maxAge);
    }

    private static void positive(String key, long value) {
        require(value >= 1, key, "at least 1", value);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }
}
