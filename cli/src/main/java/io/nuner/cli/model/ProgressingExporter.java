package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.export.CheckpointExporter;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Exports a checkpoint and shows how far it is. */
public final class ProgressingExporter {
    private final PrintWriter err;

    public ProgressingExporter(PrintWriter err) {
        this.err = err;
    }

    /** As {@link #export}, for a cache: the hash of the manifest. */
    public String exportForCache(Path checkpoint, Path out) throws ModelException {
        return export(checkpoint, out).sha256();
    }

    ModelManifest export(Path checkpoint, Path out) throws ModelException {
        ProgressLine line = ProgressLine.on(err);
        try {
            return CheckpointExporter.export(checkpoint, out, new ExportProgress(line));
        } finally {
            line.end();
        }
    }
}
