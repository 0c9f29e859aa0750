package io.nuner.model.export;

import io.nuner.model.Accuracy;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import java.nio.file.Path;

/** An export with int8 weights that answers sample texts beside float32 before it appears. */
public final class ComparedExport {
    private ComparedExport() {}

    /**
     * Exports a checkpoint with int8 weights: all or nothing. Needs room for a float32 export beside it, which is deleted at the
     * end.
     *
     * @param out the directory to make; it must not exist, and appears only when it is complete and passed the gate
     * @return the manifest written into it, with the accuracy
     * @throws ModelException as {@link CheckpointExporter} does, or if the gate refuses the export
     */
    public static ModelManifest export(Path checkpoint, Path out, AccuracyGate gate, ProgressListener progress)
            throws ModelException {
        try (NewDirectory exact = NewDirectory.beside(out);
                NewDirectory rounded = NewDirectory.beside(out)) {
            ModelManifest float32 = CheckpointExporter.writeFiles(
                    checkpoint, exact.path(), WeightType.FLOAT32, named("float32", progress));
            ModelManifest int8 =
                    CheckpointExporter.writeFiles(checkpoint, rounded.path(), WeightType.INT8, named("int8", progress));
            Accuracy accuracy = gate.judge(
                    ExportedModel.open(exact.path(), float32),
                    ExportedModel.open(rounded.path(), int8),
                    (done, total) -> progress.progress("answers of int8 beside float32", done, total));
            ModelManifest manifest = int8.withAccuracy(accuracy);
            manifest.write(rounded.path());
            rounded.publish();
            return manifest;
        }
    }

    private static ProgressListener named(String weights, ProgressListener progress) {
        return (stage, done, total) -> progress.progress(weights + " " + stage, done, total);
    }
}
