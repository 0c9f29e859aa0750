package io.nuner.model;

import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A checkpoint or an exported model cannot be used. The message is one line: the file, and what is wrong with it. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 500;

    private final boolean disk;

    /** Takes the line to show; control characters are replaced, a long line is cut. */
    public ModelException(String message) {
        super(oneLine(message));
        this.disk = false;
    }

    /** Takes the line to show, as above, and what led to it. */
    public ModelException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private ModelException(String message, Throwable cause, boolean disk) {
        super(oneLine(message), cause);
        this.disk = disk;
    }

    /** A file that is wrong. */
    public static ModelException of(Path file, String problem) {
        return new ModelException(file + ": " + problem);
    }

    /** A file that could not be read or written. */
    public static ModelException of(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new ModelException(file + ": not found", cause);
        }
        if (cause instanceof CharacterCodingException) {
            return new ModelException(file + ": is not valid UTF-8", cause);
        }
        return new ModelException(
                file + ": cannot be read or written: " + FileProblem.reasonOfWriting(cause), cause, isOfTheDisk(cause));
    }

    /** A place where nothing can be written. */
    public static ModelException cannotWrite(Path file, IOException cause) {
        return new ModelException(file + ": cannot be written: " + FileProblem.reasonOfWriting(cause), cause, true);
    }

    /** Takes the line to show of what the disk or a permission prevents. */
    public static ModelException ofDisk(String message, IOException cause) {
        return new ModelException(message, cause, true);
    }

    /**
     * True if the disk or a permission failed: with more space, or for another user, the same model may work. False if the
     * model itself is wrong.
     */
    public boolean isDiskProblem() {
        return disk;
    }

    /** Readers of formats report wrong content by exceptions of their own. */
    private static boolean isOfTheDisk(IOException cause) {
        return cause instanceof FileSystemException || cause.getClass() == IOException.class;
    }

    private static String oneLine(String message) {
        String cut = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
        StringBuilder line = new StringBuilder(cut.length());
        cut.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(line::appendCodePoint);
        return line.toString();
    }
}
