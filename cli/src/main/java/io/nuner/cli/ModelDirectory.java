package io.nuner.cli;

import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells exported models and checkpoints apart by the file that only the one or the other has. */
final class ModelDirectory {
    private static final String OF_AN_EXPORT = "manifest.json";
    private static final String OF_A_CHECKPOINT = "gliner_config.json";

    private ModelDirectory() {}

    /**
     * The exported form of what {@code --model} names: the directory itself, or its export in the cache.
     *
     * @throws CommandFailure if it is neither an exported model nor a checkpoint
     */
    static Path exported(Path model, ModelCache cache) throws CommandFailure {
        if (!Files.isDirectory(model)) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    "--model " + model + " is neither a directory nor the name of a fetched model (see nuner fetch)");
        }
        if (Files.isRegularFile(model.resolve(OF_AN_EXPORT))) {
            return model;
        }
        if (!Files.isRegularFile(model.resolve(OF_A_CHECKPOINT))) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    "--model " + model + " holds neither " + OF_AN_EXPORT + " (an exported model) nor "
                            + OF_A_CHECKPOINT + " (a checkpoint)");
        }
        try {
            return cache.exportOf(model);
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }

    /** Refuses what cannot be a checkpoint, naming the option. */
    static void requireCheckpoint(String option, Path checkpoint) throws CommandFailure {
        if (!Files.isDirectory(checkpoint)) {
            throw new CommandFailure(ExitCode.BAD_MODEL, option + " " + checkpoint + " is not a directory");
        }
        if (!Files.isRegularFile(checkpoint.resolve(OF_A_CHECKPOINT))) {
            throw new CommandFailure(ExitCode.BAD_MODEL, option + " " + checkpoint + " holds no " + OF_A_CHECKPOINT);
        }
    }
}
