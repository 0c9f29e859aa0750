package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.Version;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.accuracy.LossPolicy;
import io.nuner.model.cache.ModelCache;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ComparedExport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Exports a checkpoint and shows how far it is. */
public final class ProgressingExporter {
    private final PrintWriter err;
    private final Optional<AccuracyGate> gate;

    /** For float32 weights. */
    public ProgressingExporter(PrintWriter err) {
        this(err, Optional.empty());
    }

    /**
     * For weights of any type.
     *
     * @param gate of int8 weights, which cannot be exported without
     */
    public ProgressingExporter(PrintWriter err, Optional<AccuracyGate> gate) {
        this.err = err;
        this.gate = gate;
    }

    /**
     * The cache of exports below a directory.
     *
     * @param warning takes one line about a damaged export
     * @param loss the policy of the gate
     */
    public ModelCache cache(Path directory, Consumer<String> warning, LossPolicy loss) {
        return new ModelCache(
                directory,
                Version.current(),
                (checkpoint, out, weights) -> export(checkpoint, out, weights).sha256(),
                warning,
                loss);
    }

    ModelManifest export(Path checkpoint, Path out, WeightType weights) throws ModelException {
        ProgressLine line = ProgressLine.on(err);
        try {
            ExportProgress progress = new ExportProgress(line);
            return weights == WeightType.INT8
                    ? ComparedExport.export(checkpoint, out, gate.orElseThrow(), progress)
                    : CheckpointExporter.export(checkpoint, out, progress);
        } finally {
            line.end();
        }
    }
}
