package io.nuner.server.config;

import java.time.Duration;

/**
 * How batches are formed. Immutable.
 *
 * @param calibration how long the engine's latency is measured at start, about; zero measures the least there is to know
 */
public record BatchingConfig(Duration calibration) {
    public static final BatchingConfig DEFAULT = new BatchingConfig(Duration.ofSeconds(1));

    public BatchingConfig {
        Require.notNegative("batching.calibration", calibration);
        Require.that(
                calibration.compareTo(Duration.ofMinutes(10)) <= 0,
                "batching.calibration",
                "at most 10 minutes",
                calibration);
    }
}
