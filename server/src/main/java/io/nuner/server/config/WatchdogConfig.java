package io.nuner.server.config;

import java.time.Duration;

/**
 * When a run of the engine is suspicious, and when it is given up. Immutable.
 *
 * @param soft a run that takes this long, and five times what was expected, makes the server NOT_SERVING until it ends
 * @param hard a run that takes this long, and twenty times what was expected, is given up and its lane replaced
 */
public record WatchdogConfig(Duration soft, Duration hard) {
    public static final WatchdogConfig DEFAULT = new WatchdogConfig(Duration.ofSeconds(5), Duration.ofSeconds(20));

    public WatchdogConfig {
        Require.that(soft.compareTo(Duration.ZERO) > 0, "watchdog.soft", "longer than zero", soft);
        Require.that(hard.compareTo(soft) > 0, "watchdog.hard", "longer than watchdog.soft (" + soft + ")", hard);
    }
}
