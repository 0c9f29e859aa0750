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

    private final Kind kind;

    /** Takes the line to show; control characters are replaced, a long line is cut. */
    public ModelException(String message) {
        super(oneLine(message));
        this.kind = Kind.MODEL;
    }

    /** Takes the line to show, as above, and what led to it. */
    public ModelException(String message, Throwable cause) {
        this(message, cause, Kind.MODEL);
    }

    private ModelException(String message, Throwable cause, Kind kind) {
        super(oneLine(message), cause);
        this.kind = kind;
    }

    private ModelException(String message, Kind kind) {
        super(oneLine(message));
        this.kind = kind;
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
                file + ": cannot be read or written: " + FileProblem.reasonOfWriting(cause),
                cause,
                isOfTheDisk(cause) ? Kind.DISK : Kind.MODEL);
    }

    /** A place where nothing can be written. */
    public static ModelException cannotWrite(Path file, IOException cause) {
        return new ModelException(
                file + ": cannot be written: " + FileProblem.reasonOfWriting(cause), cause, Kind.DISK);
    }

    /** Takes the line to show of what the disk or a permission prevents. */
    public static ModelException ofDisk(String message, IOException cause) {
        return new ModelException(message, cause, Kind.DISK);
    }

    /** Takes the line to show of a rounded model that differs too much from float32. */
    public static ModelException ofLoss(String message) {
        return new ModelException(message, Kind.LOSS);
    }

    /**
     * True if the disk or a permission failed: with more space, or for another user, the same model may work. False if the
     * model itself is wrong.
     */
    public boolean isDiskProblem() {
        return kind == Kind.DISK;
    }

    /** True if the model can be used by whoever accepts that rounding changes its answers. */
    public boolean isLoss() {
        return kind == Kind.LOSS;
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

    private enum Kind {
        MODEL,
        DISK,
        LOSS
    }
}
