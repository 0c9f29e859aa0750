package io.nuner.model.cache;

import io.nuner.files.FileProblem;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.RegularFile;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.accuracy.LossPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Exports of checkpoints, each made once for a type of weights and kept in a directory named by its {@link CheckpointKey}.
 * Several processes may share a cache: the first one exports, the others wait.
 *
 * <p>The locked file keeps the hash of the exported manifest. An export with another hash was not made here, and is made again.
 * Of a rounded export that differs too much from float32 the file keeps the reason, so that the next start need not make it again
 * to refuse it again.
 */
public final class ModelCache {
    private static final String REFUSED = "refused: ";

    private final Path models;
    private final String program;
    private final Exporter exporter;
    private final Consumer<String> warning;
    private final LossPolicy loss;

    /**
     * A cache below a directory, which need not exist yet.
     *
     * @param program the version of this program; another one makes another export
     * @param exporter called for a checkpoint that is not in the cache, or damaged there
     * @param warning takes one line about a damaged export
     * @param loss of the exporter: an export that was accepted earlier has to be accepted again
     */
    public ModelCache(Path directory, String program, Exporter exporter, Consumer<String> warning, LossPolicy loss) {
        this.models = directory.resolve("models");
        this.program = program;
        this.exporter = exporter;
        this.warning = warning;
        this.loss = loss;
    }

    /**
     * The exported form of a checkpoint, verified; made now if it is not there or damaged.
     *
     * @param weights of the export; one with others is another export
     * @throws ModelException if the checkpoint cannot be read or exported, or the cache not be written; or if rounding changes its
     *     answers too much
     */
    public ExportedModel open(Path checkpoint, WeightType weights) throws ModelException {
        ExportedModel exported = keptOrMade(checkpoint, weights);
        AccuracyGate.requireAccepted(exported.manifest(), loss);
        return exported;
    }

    private ExportedModel keptOrMade(Path checkpoint, WeightType weights) throws ModelException {
        String key = key(checkpoint, weights);
        if (isComplete(models.resolve(key))) {
            try {
                return opened(key, recorded(key));
            } catch (ModelException e) {
                warning.accept("the export in the cache is damaged and is made again: " + e.getMessage());
            }
        }
        return made(checkpoint, weights, key);
    }

    private ExportedModel made(Path checkpoint, WeightType weights, String key) throws ModelException {
        try (LockedExport export = LockedExport.of(models, key)) {
            if (isComplete(models.resolve(key))) {
                try {
                    return opened(key, export.recorded()); // another process made it while we waited
                } catch (ModelException e) {
                    export.delete();
                }
            }
            requireNotRefused(export.recorded());
            export.record(exported(checkpoint, weights, key, export));
            return opened(key, export.recorded());
        } catch (IOException e) {
            throw ModelException.ofDisk(
                    "cannot write the model cache " + models + " (--cache): " + FileProblem.reasonOfWriting(e), e);
        }
    }

    private String exported(Path checkpoint, WeightType weights, String key, LockedExport export)
            throws ModelException, IOException {
        try {
            return exporter.export(checkpoint, models.resolve(key), weights);
        } catch (ModelException e) {
            if (e.isLoss()) {
                export.record(REFUSED + e.getMessage());
            }
            throw e;
        }
    }

    private void requireNotRefused(String recorded) throws ModelException {
        if (loss == LossPolicy.REFUSE && recorded.startsWith(REFUSED)) {
            throw ModelException.ofLoss(recorded.substring(REFUSED.length()));
        }
    }

    /** What the locked file holds; it may be empty. Not for whoever holds the lock, which this would end. */
    private String recorded(String key) throws ModelException {
        return new String(
                RegularFile.read(LockedExport.lockFile(models, key), LockedExport.MOST_RECORD_BYTES),
                StandardCharsets.UTF_8);
    }

    private ExportedModel opened(String key, String recorded) throws ModelException {
        Path directory = models.resolve(key);
        ExportedModel exported = ExportedModel.open(directory);
        if (!recorded.equals(exported.manifest().sha256())) {
            throw ModelException.of(directory.resolve(ModelManifest.FILE), "is not the one that was exported");
        }
        return exported;
    }

    /** An export is renamed when it is complete, so one with a manifest has all its files. */
    private static boolean isComplete(Path exported) {
        return Files.exists(exported.resolve(ModelManifest.FILE));
    }

    private String key(Path checkpoint, WeightType weights) throws ModelException {
        String recipe =
                weights.quantization().map(quantization -> "/" + quantization).orElse("");
        try {
            return CheckpointKey.of(checkpoint, program + "/" + ModelManifest.formatOf(weights) + recipe);
        } catch (IOException e) {
            boolean named = e instanceof FileSystemException failure && failure.getFile() != null;
            String place = named ? ((FileSystemException) e).getFile() : checkpoint.toString();
            throw ModelException.ofDisk(
                    "cannot read the checkpoint: " + place + ": " + FileProblem.reasonOfReading(e), e);
        }
    }

    /** Turns a checkpoint into an exported model that appears at {@code out} in one step. */
    @FunctionalInterface
    public interface Exporter {
        /** Returns the hash of its manifest. */
        String export(Path checkpoint, Path out, WeightType weights) throws ModelException;
    }
}
