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
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
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
        ProgressListener progress = new ExportProgress(line);
        try {
            return switch (weights) {
                case FLOAT32 -> CheckpointExporter.export(checkpoint, out, progress);
                case INT8 -> QuantizedExport.export(checkpoint, out, gate.orElseThrow(), progress);
            };
        } finally {
            line.end();
        }
    }
}
