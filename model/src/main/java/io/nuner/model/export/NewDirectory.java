package io.nuner.model.export;

import io.nuner.files.FileTree;
import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A directory that gets its name when it is complete, and is deleted if it never is. One thread at a time. */
final class NewDirectory implements AutoCloseable {
    private final Path target;
    private final Path temporary;

    private NewDirectory(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /** Makes a temporary directory beside the target, which must not exist. */
    static NewDirectory beside(Path target) throws ModelException {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null || Files.exists(absolute)) {
            throw ModelException.of(target, "exists already");
        }
        try {
            Files.createDirectories(parent);
            // not createTempDirectory: only its owner could read it, and the model
            String unique = "." + absolute.getFileName() + "." + UUID.randomUUID();
            return new NewDirectory(absolute, Files.createDirectory(parent.resolve(unique)));
        } catch (IOException e) {
            throw ModelException.cannotWrite(target, e);
        }
    }

    /** Where to write until it is published. */
    Path path() {
        return temporary;
    }

    /** Gives the directory its name. */
    void publish() throws ModelException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw ModelException.of(target, "its file system cannot rename a directory");
        } catch (IOException e) {
            throw ModelException.cannotWrite(target, e);
        }
    }

    /** Deletes what was not published. */
    @Override
    public void close() throws ModelException {
        try {
            FileTree.delete(temporary);
        } catch (IOException e) {
            throw ModelException.of(temporary, e);
        }
    }
}
