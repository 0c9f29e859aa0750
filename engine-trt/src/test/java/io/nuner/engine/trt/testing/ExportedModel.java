package io.nuner.engine.trt.testing;

import io.nuner.engine.ModelGraphs;
import io.nuner.engine.testing.RandomRows;
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
            return withSamples(model.graphs());
        }
    }

    private static ModelGraphs withSamples(ModelGraphs graphs) {
        return new ModelGraphs(
                graphs.encoder(),
                graphs.head(),
                graphs.maxWidth(),
                graphs.vocabularySize(),
                graphs.maxRowTokens(),
                graphs.sha256(),
                new RandomRows(1, graphs.vocabularySize()).rows(12, 60));
    }
}
