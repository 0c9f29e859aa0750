package io.nuner.engine.trt.typing;

import io.nuner.engine.EngineException;
import io.nuner.engine.PackedBatch;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An exported model and copies of its graphs in other types, for a test. */
record TypedModel(NerModel model, Path directory) implements AutoCloseable {
    static TypedModel of(Fixtures fixture, Path tempDir) throws ModelException {
        return export(fixture.checkpoint(tempDir, WeightsFormat.SAFETENSORS), tempDir.resolve(fixture + "-exported"));
    }

    static TypedModel random(RandomCheckpoint.Shape shape, long seed, Path tempDir) throws ModelException {
        Path checkpoint = tempDir.resolve(shape + "-" + seed);
        RandomCheckpoint.write(shape, seed, checkpoint);
        return export(checkpoint, tempDir.resolve(shape + "-" + seed + "-exported"));
    }

    /** The trained model of this repository. */
    static TypedModel demo(Path tempDir) throws ModelException {
        return export(Path.of("..", "model", "demo"), tempDir.resolve("demo-exported"));
    }

    private static TypedModel export(Path checkpoint, Path out) throws ModelException {
        CheckpointExporter.export(checkpoint, out, ProgressListener.none());
        return new TypedModel(NerModel.open(out), out);
    }

    /** The graphs as they were exported. */
    GraphPair exported() {
        return new GraphPair(directory.resolve("encoder.onnx"), directory.resolve("head.onnx"));
    }

    /** The graphs in a half type, in a new directory. */
    GraphPair typed(HalfType half, HalfTyping.Rules rules) throws EngineException {
        try {
            Path target = Files.createTempDirectory(directory, half.label());
            return new GraphPair(
                    HalfGraphs.write(GraphFile.read(exported().encoder()), target, half, rules)
                            .graph(),
                    HalfGraphs.write(GraphFile.read(exported().head()), target, half, rules)
                            .graph());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GraphPair typed(HalfType half) throws EngineException {
        return typed(half, HalfTyping.Rules.standard());
    }

    Words words(FixtureCase example) {
        return WordSplitter.split(example.text()).first(model.manifest().maxWords());
    }

    /** All cases in one batch. */
    PackedBatch batch(List<FixtureCase> cases) {
        return PackedBatch.of(cases.stream()
                .map(example ->
                        model.encoder().encode(words(example), example.labels()).row())
                .toList());
    }

    @Override
    public void close() {
        model.close();
    }

    /** Encoder and head. */
    record GraphPair(Path encoder, Path head) {
        List<Path> both() {
            return List.of(encoder, head);
        }
    }

    static GraphProto read(Path graph) {
        try {
            return ModelProto.parseFrom(Files.readAllBytes(graph)).getGraph();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
