package io.nuner.cli;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Exports of checkpoints, each made once and kept in a directory named by its {@link CheckpointKey}. Several processes
 * may share a cache: whoever comes first exports, the others wait.
 */
final class ModelCache {
    private final Path models;
    private final Exporter exporter;

    /**
     * A cache below a directory, which need not exist yet.
     *
     * @param exporter called for a checkpoint that is not in the cache
     */
    ModelCache(Path directory, Exporter exporter) {
        this.models = directory.resolve("models");
        this.exporter = exporter;
    }

    /**
     * The exported form of a checkpoint, made now if it is not there.
     *
     * @throws ModelException if the checkpoint cannot be exported
     * @throws CommandFailure if the checkpoint cannot be read or the cache not be written
     */
    Path exportOf(Path checkpoint) throws ModelException, CommandFailure {
        String key = key(checkpoint);
        Path exported = models.resolve(key);
        if (!isComplete(exported)) {
            exportLocked(checkpoint, key, exported);
        }
        return exported;
    }

    private void exportLocked(Path checkpoint, String key, Path exported) throws ModelException, CommandFailure {
        try {
            Files.createDirectories(models);
            export(checkpoint, models.resolve(key + ".lock"), exported);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "cannot write the model cache " + models + " (--cache): " + e.getMessage(), e);
        }
    }

    private void export(Path checkpoint, Path lockFile, Path exported) throws ModelException, IOException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !isComplete(exported)) {
                exporter.export(checkpoint, exported);
            }
        }
    }

    /** An export appears under its name in one step, its manifest inside. */
    private static boolean isComplete(Path exported) {
        return Files.isRegularFile(exported.resolve("manifest.json"));
    }

    private static String key(Path checkpoint) throws CommandFailure {
        try {
            return CheckpointKey.of(checkpoint, Version.current() + "/" + ModelManifest.FORMAT);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL, "cannot read the checkpoint " + checkpoint + ": " + e.getMessage(), e);
        }
    }

    /** Turns a checkpoint into an exported model that appears at {@code out} in one step. */
    @FunctionalInterface
    interface Exporter {
        void export(Path checkpoint, Path out) throws ModelException;
    }
}
