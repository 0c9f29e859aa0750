package io.nuner.engine.natives;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file system refused, in words. */
final class Reason {
    private Reason() {}

    static String of(IOException failure) {
        if (!(failure instanceof FileSystemException refusal)) {
            return String.valueOf(failure.getMessage());
        }
        String reason = refusal.getReason();
        return reason == null ? kind(refusal) + " (" + refusal.getFile() + ")" : reason;
    }

    private static String kind(FileSystemException refusal) {
        if (refusal instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (refusal instanceof NoSuchFileException) {
            return "not found";
        }
        if (refusal instanceof NotDirectoryException || refusal instanceof FileAlreadyExistsException) {
            return "is no directory";
        }
        return refusal.getClass().getSimpleName();
    }
}
