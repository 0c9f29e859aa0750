package io.nuner.load;

import java.io.IOException;
import java.nio.file.Path;

/** A file of texts cannot be read, or is not UTF-8. */
public final class UnreadableTextsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final IOException failure;

    UnreadableTextsException(Path file, IOException failure) {
        super(file + " cannot be read", failure);
        this.file = file;
        this.failure = failure;
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Why it cannot be read. */
    public IOException failure() {
        return failure;
    }
}
