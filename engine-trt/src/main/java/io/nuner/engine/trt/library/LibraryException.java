package io.nuner.engine.trt.library;

/** A native library is missing or unsuitable. The message is a sentence for the operator, without a full stop. */
public final class LibraryException extends Exception {
    private static final long serialVersionUID = 1L;

    public LibraryException(String message) {
        super(message);
    }

    public LibraryException(String message, Throwable cause) {
        super(message, cause);
    }
}
