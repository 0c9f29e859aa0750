package io.nuner.model.accuracy;

/** A file of sample texts cannot be used. The message names the file and the line in it and echoes none of its text. */
public final class TextsException extends Exception {
    private static final long serialVersionUID = 1L;

    TextsException(String place, String problem) {
        super(place + ": " + problem);
    }

    TextsException(String place, String problem, Throwable cause) {
        super(place + ": " + problem, cause);
    }
}
