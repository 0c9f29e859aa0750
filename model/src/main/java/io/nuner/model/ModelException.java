package io.nuner.model;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A checkpoint or an exported model cannot be used. The message is one line: the file, and what is wrong with it. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 500;

    /** Takes the line to show; control characters are replaced, what is too long is cut. */
    public ModelException(String message) {
        super(oneLine(message));
    }

    /** Takes the line to show, as above, and what led to it. */
    public ModelException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** A file that is wrong. */
    public static ModelException of(Path file, String problem) {
        return new ModelException(file + ": " + problem);
    }

    /** A file that could not be read or written. */
    public static ModelException of(Path file, IOException cause) {
        String problem = cause instanceof NoSuchFileException ? "not found" : "cannot be read or written: " + cause;
        return new ModelException(file + ": " + problem, cause);
    }

    private static String oneLine(String message) {
        String cut = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
        StringBuilder line = new StringBuilder(cut.length());
        cut.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(line::appendCodePoint);
        return line.toString();
    }
}
