package io.nuner.server.config;

import java.time.Duration;

/**
 * How the server stops. Immutable.
 *
 * @param notice how long it reports NOT_SERVING but still takes calls, so that balancers turn away; not waited for while
 *     no connection is open
 * @param grace how long calls in flight may then take
 */
public record DrainConfig(Duration notice, Duration grace) {
    public static final DrainConfig DEFAULT = new DrainConfig(Duration.ofSeconds(5), Duration.ofSeconds(25));

    public DrainConfig {
        Require.notNegative("drain.notice", notice);
        Require.notNegative("drain.grace", grace);
    }
}
