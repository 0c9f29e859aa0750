package io.nuner.model;

import java.io.Serial;

/** A model's files cannot be used. The message is one line: the file, and what is wrong with it. */
public final class ModelException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Takes the one line to show. */
    public ModelException(String message) {
        super(message);
    }

    /** Takes the one line to show and what led to it. */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
