package io.nuner.model.hub;

import java.time.Duration;

/** A failure that may be gone at the next attempt. */
final class PassingFailure extends HubException {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    /** A failure of the connection. */
    PassingFailure(String message, Throwable cause) {
        super(message, cause);
        this.wait = Duration.ZERO;
    }

    /**
     * A failure that the hub announces.
     *
     * @param wait the pause it asks for; zero if it names none
     */
    PassingFailure(String message, Duration wait) {
        super(message);
        this.wait = wait;
    }

    Duration shortestWait() {
        return wait;
    }
}
