package io.nuner.cli;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.export.CheckpointExporter;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Exports a checkpoint and shows how far it is. */
final class ProgressingExporter {
    private final PrintWriter err;

    ProgressingExporter(PrintWriter err) {
        this.err = err;
    }

    ModelManifest export(Path checkpoint, Path out) throws ModelException {
        ExportProgress progress = new ExportProgress(err, ProgressBar.onTerminal());
        try {
            return CheckpointExporter.export(checkpoint, out, progress);
        } finally {
            progress.end();
        }
    }
}
