package io.nuner.model.cache;

import io.nuner.files.FileTree;
import io.nuner.files.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The right to make one export of a cache, held by one process at a time. One thread.
 *
 * <p>An export is written into a hidden directory beside its own, which stays behind if the process is killed. Only the
 * holder of the lock may write there, so it deletes what it finds.
 */
final class LockedExport implements AutoCloseable {
    /** A record may be so long. */
    static final int MOST_RECORD_BYTES = 4096;

    private final Path models;
    private final String key;
    private final ProcessLock lock;

    private LockedExport(Path models, String key, ProcessLock lock) {
        this.models = models;
        this.key = key;
        this.lock = lock;
    }

    /** Waits for the lock and deletes what killed processes left: of this export, and of others whose lock is free. */
    static LockedExport of(Path models, String key) throws IOException {
        Files.createDirectories(models);
        LockedExport locked = new LockedExport(models, key, ProcessLock.take(lockFile(models, key), () -> {}));
        try {
            locked.deleteLeftovers();
            return locked;
        } catch (IOException | RuntimeException e) {
            locked.close();
            throw e;
        }
    }

    /** The file that is locked; it holds the hash of the last exported manifest, or why there is none. */
    static Path lockFile(Path models, String key) {
        return models.resolve(key + ".lock");
    }

    /** Deletes the export, so that another can take its place. */
    void delete() throws IOException {
        Path hidden = models.resolve("." + key + "." + UUID.randomUUID());
        Files.move(models.resolve(key), hidden); // in one step: nobody sees half of it
        FileTree.delete(hidden);
    }

    /** What was written down last; empty if nothing ever was. */
    String recorded() throws IOException {
        return new String(lock.read(MOST_RECORD_BYTES), StandardCharsets.UTF_8);
    }

    /** Writes down what was exported, or why nothing was. */
    void record(String outcome) throws IOException {
        lock.write(outcome.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private void deleteLeftovers() throws IOException {
        for (Path leftover : hidden()) {
            String name = String.valueOf(leftover.getFileName());
            String owner = name.substring(1, name.indexOf('.', 1));
            if (owner.equals(key)) {
                FileTree.delete(leftover);
            } else {
                deleteUnlessLocked(owner, leftover);
            }
        }
    }

    private void deleteUnlessLocked(String owner, Path leftover) throws IOException {
        Optional<ProcessLock> free = ProcessLock.tryTake(lockFile(models, owner));
        if (free.isEmpty()) {
            return; // another process or thread is making it
        }
        try {
            FileTree.delete(leftover);
        } finally {
            free.get().close();
        }
    }

    private List<Path> hidden() throws IOException {
        try (Stream<Path> entries = Files.list(models)) {
            return entries.filter(entry -> isHidden(String.valueOf(entry.getFileName())))
                    .toList();
        }
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") && name.indexOf('.', 1) > 1;
    }
}
