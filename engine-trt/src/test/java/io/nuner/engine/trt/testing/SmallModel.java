package io.nuner.engine.trt.testing;

import io.nuner.engine.ModelGraphs;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.WeightType;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.List;

/** A small model, exported for a test. */
public final class SmallModel {
    /** Size of a hidden state in every fixture. */
    public static final int HIDDEN_SIZE = 32;

    private SmallModel() {}

    /** Exports the checkpoint into a new directory below the given one. */
    public static ModelGraphs graphs(Fixtures fixture, Path directory) throws ModelException {
        return graphs(fixture, WeightType.FLOAT32, directory);
    }

    /** The same with weights of a type. */
    public static ModelGraphs graphs(Fixtures fixture, WeightType weights, Path directory) throws ModelException {
        Path exported = directory.resolve("exported-" + fixture.name() + "-" + weights);
        Path checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
        switch (weights) {
            case FLOAT32 -> CheckpointExporter.export(checkpoint, exported, ProgressListener.none());
            case INT8 -> QuantizedExport.export(checkpoint, exported, new GivenMagnitudes(), ProgressListener.none());
        }
        try (NerModel model = NerModel.open(exported)) {
            ModelGraphs graphs = model.graphs();
            return with(graphs, graphs.samples().get()); // made while the model is open
        }
    }

    /** The same with the samples of at most so many tokens: half precision is slow on a CPU. */
    public static ModelGraphs withShortSamples(ModelGraphs graphs, int tokens) {
        return with(
                graphs,
                graphs.samples().get().stream()
                        .filter(row -> row.tokenCount() <= tokens)
                        .toList());
    }

    private static ModelGraphs with(ModelGraphs graphs, List<TokenRow> samples) {
        return new ModelGraphs(
                graphs.encoder(),
                graphs.head(),
                graphs.maxWidth(),
                graphs.vocabularySize(),
                graphs.maxRowTokens(),
                graphs.sha256(),
                () -> samples);
    }
}
