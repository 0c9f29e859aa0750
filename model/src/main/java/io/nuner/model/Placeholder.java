package io.nuner.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that stands in for a model's file: a git pointer to a large file, or the web page that a server sent instead. Any
 * thread.
 */
public final class Placeholder {
    private static final int LOOKED_AT_BYTES = 512;
    private static final String POINTER_OF_TODAY = "version https://git-lfs.github.com/spec/";
    private static final String POINTER_OF_OLD = "version https://hawser.github.com/spec/";
    private static final List<String> PAGES = List.of("<!doctype html", "<html", "<head", "<body");

    private Placeholder() {}

    /**
     * Refuses a placeholder. Passes a file that is missing or unreadable: opening it fails with a better message.
     *
     * @throws ModelException naming the file and what it is
     */
    public static void refuse(Path file) throws ModelException {
        Optional<String> found = Files.isRegularFile(file) ? in(file) : Optional.empty();
        if (found.isPresent()) {
            throw ModelException.of(file, found.get() + "; fetch the model again, or run git lfs pull in a clone");
        }
    }

    /** Describes the placeholder; empty for any other file. */
    public static Optional<String> in(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return of(new String(bytes.readNBytes(LOOKED_AT_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> of(String start) {
        if (start.startsWith(POINTER_OF_TODAY) || start.startsWith(POINTER_OF_OLD)) {
            return Optional.of("is a Git LFS pointer, not the file itself");
        }
        String text = (start.startsWith("\uFEFF") ? start.substring(1) : start)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (PAGES.stream().anyMatch(text::startsWith)) {
            return Optional.of("is an HTML page, not the file itself");
        }
        return text.startsWith("<?xml")
                ? Optional.of("is an XML answer of a server, not the file itself")
                : Optional.empty();
    }
}
