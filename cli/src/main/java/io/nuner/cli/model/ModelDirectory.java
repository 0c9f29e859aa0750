package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.cache.ModelCache;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Tells an exported model from a checkpoint by the file that only one of them has. */
public final class ModelDirectory {
    private static final String OF_AN_EXPORT = "manifest.json";
    private static final String OF_A_CHECKPOINT = "gliner_config.json";

    private ModelDirectory() {}

    /**
     * The exported form of what an option names, verified: the directory itself, or its export in the cache.
     *
     * @param option with its dashes
     * @param weights of the export in the cache; another directory has to have them if they were asked for
     * @throws CommandFailure if it is neither an exported model nor a checkpoint, or damaged, or has other weights
     */
    public static ExportedModel open(String option, Path model, ModelCache cache, WeightsOption weights)
            throws CommandFailure {
        if (!isDirectory(option, model)) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    option + " " + model + " is neither a directory nor the name of a fetched model (see nuner fetch)");
        }
        boolean isExport = holds(option, model, OF_AN_EXPORT);
        if (!isExport && !holds(option, model, OF_A_CHECKPOINT)) {
            throw new CommandFailure(
                    ExitCode.BAD_MODEL,
                    option + " " + model + " holds neither " + OF_AN_EXPORT + " (an exported model) nor "
                            + OF_A_CHECKPOINT + " (a checkpoint)");
        }
        try {
            if (!isExport) {
                return cache.open(model, weights.type());
            }
            ExportedModel exported = ExportedModel.open(model);
            weights.requireOf(model, exported.manifest());
            return exported;
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }

    /** Refuses what cannot be a checkpoint, naming the option. */
    static void requireCheckpoint(String option, Path checkpoint) throws CommandFailure {
        if (!isDirectory(option, checkpoint)) {
            throw new CommandFailure(ExitCode.BAD_MODEL, option + " " + checkpoint + " is not a directory");
        }
        if (!holds(option, checkpoint, OF_A_CHECKPOINT)) {
            throw new CommandFailure(ExitCode.BAD_MODEL, option + " " + checkpoint + " holds no " + OF_A_CHECKPOINT);
        }
    }

    private static boolean isDirectory(String option, Path path) throws CommandFailure {
        return attributes(option, path, path)
                .map(BasicFileAttributes::isDirectory)
                .orElse(false);
    }

    /** True for any entry of that name, even a dangling link: opening it gives the better message. */
    private static boolean holds(String option, Path directory, String name) throws CommandFailure {
        return attributes(option, directory, directory.resolve(name), LinkOption.NOFOLLOW_LINKS)
                .isPresent();
    }

    /** The attributes of a file, if it exists; a missing permission is a failure of its own. */
    private static Optional<BasicFileAttributes> attributes(
            String option, Path shown, Path file, LinkOption... following) throws CommandFailure {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, following));
        } catch (AccessDeniedException e) {
            throw new CommandFailure(ExitCode.FAILED, option + " " + shown + " cannot be read: permission denied", e);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
