package io.nuner.capacity;

/** No plan can be made. The message names the file and the place in it, or the target that cannot be held. */
public final class PlanException extends Exception {
    private static final long serialVersionUID = 1L;

    PlanException(String message) {
        super(message);
    }

    PlanException(String message, Throwable cause) {
        super(message, cause);
    }
}
