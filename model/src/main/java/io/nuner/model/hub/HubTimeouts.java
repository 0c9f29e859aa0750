package io.nuner.model.hub;

import java.time.Duration;

/**
 * How long a server may be silent. Immutable.
 *
 * @param connect until a connection stands
 * @param response from the request to the header of the answer
 * @param idle between two pieces of a body
 */
public record HubTimeouts(Duration connect, Duration response, Duration idle) {
    /** For servers on the internet. */
    public static final HubTimeouts DEFAULT =
            new HubTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
}
