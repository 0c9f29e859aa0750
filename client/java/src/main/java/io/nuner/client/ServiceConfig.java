package io.nuner.client;

import java.util.List;
import java.util.Map;

/**
 * The gRPC service config every client of the service should use.
 *
 * <p>Extraction is a pure function, so a call that one replica could not take is tried on another: three attempts,
 * UNAVAILABLE only, and no retries at all while too many calls fail. Replicas that report NOT_SERVING get no calls.
 * Format: grpc/doc/service_config.md; retries: gRPC proposal A6; health checks: proposal A17.
 */
final class ServiceConfig {
    static final String SERVICE = "nuner.v1.NerService";

    private static final Map<String, ?> RETRY_POLICY = Map.of(
            "maxAttempts",
            3.0,
            "initialBackoff",
            "0.02s",
            "maxBackoff",
            "0.2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));

    private ServiceConfig() {}

    static Map<String, ?> shipped() {
        return Map.of(
                "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
                "healthCheckConfig", Map.of("serviceName", SERVICE),
                "methodConfig",
                        List.of(Map.of("name", List.of(Map.of("service", SERVICE)), "retryPolicy", RETRY_POLICY)),
                "retryThrottling", Map.of("maxTokens", 100.0, "tokenRatio", 0.1));
    }
}
