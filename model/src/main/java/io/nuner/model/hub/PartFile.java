package io.nuner.model.hub;

import io.nuner.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is not complete yet: {@code X.part}, and beside it {@code X.tag.part} with the entity tag of its
 * bytes. Both survive the process. One thread at a time.
 */
final class PartFile {
    private final Path target;
    private final Path part;
    private final Path tag;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.tag = target.resolveSibling(target.getFileName() + ".tag.part");
    }

    /** Bytes of the file that are there, complete or not. */
    static long presentBytes(Path target) throws IOException {
        return Files.exists(target) ? Files.size(target) : new PartFile(target).size();
    }

    Path path() {
        return part;
    }

    /** Bytes that are there. */
    long size() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** The entity tag of the bytes, if the server sent one. */
    Optional<String> tag() throws IOException {
        return Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
    }

    /** Deletes the bytes and the tag. */
    void clear() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(tag);
    }

    /** Starts over with an empty file. */
    void begin(Optional<String> newTag) throws IOException {
        clear();
        if (newTag.isPresent()) {
            Files.writeString(tag, newTag.get());
        }
        Files.createFile(part);
    }

    /** A channel that writes behind the last byte. The caller closes it. */
    FileChannel append() throws IOException {
        return FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Gives the file its name, its bytes safe on the disk. */
    void publish() throws IOException {
        AtomicFile.publish(part, target);
        Files.deleteIfExists(tag);
    }
}
