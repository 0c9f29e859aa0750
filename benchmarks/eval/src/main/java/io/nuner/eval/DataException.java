package io.nuner.eval;

/** An annotated file cannot be used. The message names the file and the place in it and echoes none of its text. */
public final class DataException extends Exception {
    private static final long serialVersionUID = 1L;

    DataException(String place, String problem) {
        super(place + " " + problem);
    }

    DataException(String place, String problem, Throwable cause) {
        super(place + " " + problem, cause);
    }
}
