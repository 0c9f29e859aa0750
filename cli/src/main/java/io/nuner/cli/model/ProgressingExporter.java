package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.Version;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.cache.ModelCache;
import io.nuner.model.export.CheckpointExporter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Exports a checkpoint and shows how far it is. */
public final class ProgressingExporter {
    private final PrintWriter err;

    public ProgressingExporter(PrintWriter err) {
        this.err = err;
    }

    /**
     * The cache of exports below a directory.
     *
     * @param warning takes one line about a damaged export
     */
    public ModelCache cache(Path directory, Consumer<String> warning) {
        return new ModelCache(
                directory,
                Version.current(),
                (checkpoint, out, weights) -> export(checkpoint, out, weights).sha256(),
                warning);
    }

    ModelManifest export(Path checkpoint, Path out, WeightType weights) throws ModelException {
        ProgressLine line = ProgressLine.on(err);
        try {
            return CheckpointExporter.export(checkpoint, out, weights, new ExportProgress(line));
        } finally {
            line.end();
        }
    }
}
