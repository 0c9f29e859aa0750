package io.nuner.cli;

import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Tells exported models and checkpoints apart by the file that only the one or the other has. */
final class ModelDirectory {
    private static final String OF_AN_EXPORT = "manifest.json";
    private static final String OF_A_CHECKPOINT = "gliner_config.json";

    private ModelDirectory() {}

    /**
     * The exported form of what {@code --model} names, verified: the directory itself, or its export in the cache.
     *
     * @throws CommandFailure if it is neither an exported model nor a checkpoint, or damaged
     */
    static ExportedModel open(Path model, ModelCache cache) throws CommandFailure {
        if (!Files.isDirectory(model)) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    "--model " + model + " is neither a directory nor the name of a fetched model (see nuner fetch)");
        }
        boolean isExport = Files.exists(model.resolve(OF_AN_EXPORT), LinkOption.NOFOLLOW_LINKS);
        if (!isExport && !Files.exists(model.resolve(OF_A_CHECKPOINT))) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    "--model " + model + " holds neither " + OF_AN_EXPORT + " (an exported model) nor "
                            + OF_A_CHECKPOINT + " (a checkpoint)");
        }
        try {
            return isExport ? ExportedModel.open(model) : cache.open(model);
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.BAD_MODEL, String.valueOf(e.getMessage()), e);
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
