package io.nuner.server.config;

/**
 * Whether and where metrics and health can be read by HTTP, on the server's host. Immutable.
 *
 * @param enabled whether there is an endpoint at all
 * @param port TCP port; 0 takes any free one
 */
public record MetricsConfig(boolean enabled, int port) {
    /** No endpoint. */
    public static final MetricsConfig OFF = new MetricsConfig(false, 0);

    public MetricsConfig {
        Require.that(port >= 0 && port <= 65_535, "metrics.port", "from 0 to 65535", port);
    }

    /** An endpoint on that port. */
    public static MetricsConfig on(int port) {
        return new MetricsConfig(true, port);
    }
}
