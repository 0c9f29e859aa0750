package io.nuner.model.hub;

import java.time.Duration;

/** A checkpoint could not be fetched. The message is one sentence for the user and holds no token. */
public sealed class HubException extends Exception {
    private static final long serialVersionUID = 1L;

    HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A failure that another attempt may not meet. */
    static final class Passing extends HubException {
        private static final long serialVersionUID = 1L;

        private final Duration wait;

        /** A failure of the connection. */
        Passing(String message, Throwable cause) {
            super(message, cause);
            this.wait = Duration.ZERO;
        }

        /**
         * A failure that the hub reports.
         *
         * @param wait the pause it asks for; zero if it names none
         */
        Passing(String message, Duration wait) {
            super(message);
            this.wait = wait;
        }

        Duration shortestWait() {
            return wait;
        }
    }
}
