package io.nuner.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a file cannot be read or written, in plain words to stand behind its name, without names of Java types. Any thread. */
public final class FileProblem {
    private FileProblem() {}

    /** What is wrong with a file that should be read, such as {@code cannot be read: permission denied}. */
    public static String ofReading(Path file, IOException failure) {
        if (Files.isDirectory(file)) {
            return "cannot be read: it is a directory";
        }
        return ofReading(failure);
    }

    /** The same for a source that is no file, such as standard input. */
    public static String ofReading(IOException failure) {
        return failure instanceof CharacterCodingException
                ? "is not valid UTF-8"
                : "cannot be read: " + reasonOfReading(failure);
    }

    /** Why nothing can be read. */
    public static String reasonOfReading(IOException failure) {
        return failure instanceof NoSuchFileException ? "not found" : reason(failure);
    }

    /** Why nothing can be written. */
    public static String reasonOfWriting(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "nothing can be made there";
        }
        return failure instanceof FileAlreadyExistsException
                ? "a file stands where a directory should"
                : reason(failure);
    }

    /** Why nothing can be written below a directory, with the name of the file that failed. */
    public static String reasonOfWritingBelow(IOException failure) {
        boolean isNamed = failure instanceof FileSystemException named && named.getFile() != null;
        String file = isNamed ? " (" + ((FileSystemException) failure).getFile() + ")" : "";
        return reasonOfWriting(failure) + file;
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NotDirectoryException) {
            return "it is no directory";
        }
        if (failure instanceof EOFException) {
            return "it ends too early";
        }
        // The message of a FileSystemException would name the file once more.
        String words = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return words == null ? "the system does not say why" : words;
    }
}
