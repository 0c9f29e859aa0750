package io.nuner.cli.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The right to make one export of a cache, held by one process at a time. One thread.
 *
 * <p>An export is written into a hidden directory beside its own, which stays behind if the process is killed. Whoever holds the
 * lock is the only one who may write there, so what is there before is deleted.
 */
final class LockedExport implements AutoCloseable {
    private final Path models;
    private final String key;
    private final FileChannel channel;
    private final FileLock lock;

    private LockedExport(Path models, String key, FileChannel channel, FileLock lock) {
        this.models = models;
        this.key = key;
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits for the lock and deletes what killed processes left, of this export and of others that nobody makes now. */
    @SuppressWarnings("MustBeClosed") // keeps the channel
    static LockedExport of(Path models, String key) throws IOException {
        Files.createDirectories(models);
        FileChannel channel = open(lockFile(models, key));
        try {
            LockedExport locked = new LockedExport(models, key, channel, channel.lock());
            locked.deleteLeftovers();
            return locked;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Holds the hash of the manifest that was exported last. */
    static Path lockFile(Path models, String key) {
        return models.resolve(key + ".lock");
    }

    /** Deletes the export, so that another can take its place. */
    void delete() throws IOException {
        Path hidden = models.resolve("." + key + "." + UUID.randomUUID());
        Files.move(models.resolve(key), hidden); // in one step: nobody sees half of it
        deleteTree(hidden);
    }

    /** Writes down what was exported. */
    void record(String manifestHash) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(manifestHash.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }

    private void deleteLeftovers() throws IOException {
        for (Path leftover : hidden()) {
            String name = String.valueOf(leftover.getFileName());
            String owner = name.substring(1, name.indexOf('.', 1));
            if (owner.equals(key)) {
                deleteTree(leftover);
            } else {
                deleteUnlessLocked(owner, leftover);
            }
        }
    }

    private void deleteUnlessLocked(String owner, Path leftover) throws IOException {
        try (FileChannel other = open(lockFile(models, owner));
                FileLock free = other.tryLock()) {
            if (free != null) {
                deleteTree(leftover);
            }
        } catch (OverlappingFileLockException e) {
            // another thread of this process makes it
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

    private static FileChannel open(Path lockFile) throws IOException {
        return FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
