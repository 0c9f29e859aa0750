package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.Version;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineProvider.Availability;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.cache.ModelCache;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
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
        ProgressListener progress = new ExportProgress(line);
        try {
            return switch (weights) {
                case FLOAT32 -> CheckpointExporter.export(checkpoint, out, progress);
                case INT8 ->
                    QuantizedExport.export(
                            checkpoint, out, inspecting(ServiceLoader.load(EngineProvider.class)), progress);
            };
        } finally {
            line.end();
        }
    }

    /** The first engine that shows what flows inside a model, whichever one will serve it. */
    static EngineProvider inspecting(Iterable<EngineProvider> engines) throws ModelException {
        List<String> unusable = new ArrayList<>();
        for (EngineProvider engine : engines) {
            if (engine.inspection().isPresent()) {
                Availability availability = engine.availability();
                if (availability.usable()) {
                    return engine;
                }
                unusable.add(engine.name() + " cannot be used: " + availability.reason());
            }
        }
        String problem = "--weights int8 needs an engine that runs the model in float32 first, and none can do so here";
        String reasons = unusable.isEmpty() ? "" : ": " + String.join("; ", unusable);
        throw new ModelException(
                problem + reasons,
                EngineException.cannotOpen(problem, new UnsupportedOperationException("inspection")));
    }
}
