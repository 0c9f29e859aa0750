package io.nuner.model.hub;

/** A checkpoint could not be fetched. The message is one sentence for the user and holds no token. */
public sealed class HubException extends Exception permits PassingFailure {
    private static final long serialVersionUID = 1L;

    HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
