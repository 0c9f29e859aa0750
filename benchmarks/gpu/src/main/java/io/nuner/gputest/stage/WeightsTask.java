package io.nuner.gputest.stage;

import io.nuner.files.FileTree;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.TestedModel;
import io.nuner.gputest.result.Measurement;
import io.nuner.model.ModelException;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** S1: a checkpoint of random weights and its export, unless an earlier run left them. */
final class WeightsTask implements StageTask {
    private static final double MIB = 1 << 20;

    @Override
    public void run(StageContext context) throws IOException, ModelException {
        Path exported = context.exported();
        if (Files.isDirectory(exported)) {
            context.note("used again: " + exported);
        } else {
            make(context, exported);
        }
        context.measured(Measurement.of("exported model", FileTree.bytes(exported) / MIB, "MiB"));
    }

    private static void make(StageContext context, Path exported) throws IOException, ModelException {
        Options options = context.options();
        Path checkpoint = exported.resolveSibling(options.modelName());
        TestedModel shape = options.build().shape();
        RandomCheckpoint.write(shape.checkpoint(), shape.head(), options.build().seed(), checkpoint);
        double written = context.elapsedSeconds();
        context.measured(Measurement.of("weights made", written, "s"));
        context.measured(Measurement.of(
                "parameters",
                Files.size(checkpoint.resolve("model.safetensors")) / (double) Float.BYTES / 1e6,
                "million"));
        CheckpointExporter.export(checkpoint, exported, ProgressListener.none());
        context.measured(Measurement.of("exported", context.elapsedSeconds() - written, "s"));
    }
}
