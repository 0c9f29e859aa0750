package io.nuner.engine.trt.testing;

import io.nuner.engine.ModelGraphs;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;

/** A small model, exported for a test. */
public final class ExportedModel {
    /** Size of a hidden state in every fixture. */
    public static final int HIDDEN_SIZE = 32;

    private ExportedModel() {}

    /** Exports the checkpoint into a new directory below the given one. */
    public static ModelGraphs graphs(Fixtures fixture, Path directory) throws ModelException {
        Path exported = directory.resolve("exported-" + fixture.name());
        CheckpointExporter.export(
                fixture.checkpoint(directory, WeightsFormat.SAFETENSORS), exported, ProgressListener.none());
        try (NerModel model = NerModel.open(exported)) {
            return model.graphs();
        }
    }

    /** The same with the samples of at most so many tokens: half precision is slow on a CPU. */
    public static ModelGraphs withShortSamples(ModelGraphs graphs, int tokens) {
        return graphs.withSamples(graphs.samples().stream()
                .filter(row -> row.tokenCount() <= tokens)
                .toList());
    }
}
