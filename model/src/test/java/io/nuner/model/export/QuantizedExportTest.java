package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.GraphInspection;
import io.nuner.engine.GraphWeight;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.model.FileDigest;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.Quantization;
import io.nuner.model.WeightType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedExportTest {
    private static final String LAYER = "layer1/feed_forward_in";
    private static final int INPUTS = 32;
    private static final int OUTPUTS = 64;

    @TempDir
    private Path directory;

    private final GivenMagnitudes magnitudes = new GivenMagnitudes();
    private Path checkpoint = Path.of("unset");
    private Path out = Path.of("unset");

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
        out = directory.resolve("models").resolve("exported");
    }

    @Test
    void theManifestSaysHowWeightsWereRounded() throws ModelException {
        ModelManifest manifest = export(magnitudes);

        assertThat(manifest.quantization()).isEqualTo(new Quantization("int8", "per-token-outlier-columns", 1, "u8s8"));
        assertThat(manifest.weights()).isEqualTo(WeightType.INT8);
        try (NerModel model = NerModel.open(out)) {
            assertThat(model.manifest()).isEqualTo(manifest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"format\": 4', '\"format\": 3', 'format is 3, but quantization is Quantization['",
        "'\"weights\": \"int8\"', '\"weights\": \"int4\"', 'quantization.weights is int4, expected int8'",
        "'\"products\": \"u8s8\"', '\"products\": \"s4s4\"', 'quantization.products is s4s4, expected u8s8'",
        "'\"recipe\": \"per-token-outlier-columns\"', '\"recipe\": \"other\"', 'it is not as it was written'",
        "'\"version\": 1', '\"version\": 2', 'it is not as it was written'"
    })
    void aManifestOfAnotherRoundingIsRefused(String found, String replacement, String reason)
            throws IOException, ModelException {
        export(magnitudes);
        Path manifest = out.resolve(ModelManifest.FILE);
        String text = Files.readString(manifest);
        assertThat(text).contains(found);
        Files.writeString(manifest, text.replace(found, replacement));

        assertThatThrownBy(() -> NerModel.open(out).close())
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(manifest.toString())
                .hasMessageContaining(reason);
    }

    /** Sums of the recipe that knew no outliers. Whoever changes these graphs on purpose raises the recipe's version. */
    @ParameterizedTest
    @CsvSource({
        "MARKER_W1,    086c94b8b536ff20073498d7faf7cad31e4e5a7401ebb5557e780ccf84bb0ea7, cf906e37e3044b33db88649f95d2a11840022b8bab9fe7ca3d72b79b81e59ae7",
        "MARKER_V0_W3, 086c94b8b536ff20073498d7faf7cad31e4e5a7401ebb5557e780ccf84bb0ea7, 73a5b84629587cb472e3262b708a02ea6550a8dc247da6a21eb277e56726906c",
        "BERT_V0_W3,   3c2e4bc51dcc868cf6d10ee478a36ec0e7c0b729ed4826fd6074d59b39d21e9b, 73a5b84629587cb472e3262b708a02ea6550a8dc247da6a21eb277e56726906c"
    })
    void graphsWithoutOutliersAreWhatTheyWere(Fixtures fixture, String encoder, String head) throws ModelException {
        checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
        export(magnitudes);

        assertThat(FileDigest.of(out, "encoder.onnx").sha256()).isEqualTo(encoder);
        assertThat(FileDigest.of(out, "head.onnx").sha256()).isEqualTo(head);
    }

    @Test
    void columnsOfOutliersAreFloatsAndNoLongerBytes() throws ModelException, IOException {
        float[] exact = layer(float32(), "").clone();
        export(magnitudes.with(LAYER, 4, 3.5f).with(LAYER, 31, 10));
        try (NerModel model = NerModel.open(out)) {
            ModelGraph encoder = model.graphs().encoder();
            float[] floats = layer(encoder, "_outliers");
            float[] scales = layer(encoder, "_scale");
            for (int output = 0; output < OUTPUTS; output++) {
                assertThat(floats[2 * output]).isEqualTo(exact[output * INPUTS + 4]);
                assertThat(floats[2 * output + 1]).isEqualTo(exact[output * INPUTS + 31]);
                float largest = 0;
                for (int input = 0; input < INPUTS; input++) {
                    boolean isOutlier = input == 4 || input == 31;
                    byte stored = weight(encoder, LAYER).values().get(input * OUTPUTS + output);
                    float value = isOutlier ? 0 : exact[output * INPUTS + input];
                    largest = Math.max(largest, Math.abs(value));
                    assertThat(stored).isEqualTo((byte) Math.rint(value / scales[output]));
                }
                assertThat(scales[output]).as("taken over the others").isEqualTo(largest / 127);
            }
            assertThat(layer(encoder, "_others")).containsOnly(0, 1).hasSize(INPUTS);
            assertThat(operators(encoder)).containsOnlyOnce("Gemm");
            assertThat(operators(model.graphs().head())).doesNotContain("Gemm");
        }
    }

    @Test
    void atMostOneInputInSixteenIsAnOutlier() throws ModelException, IOException {
        for (int input = 0; input < 8; input++) {
            magnitudes.with(LAYER, input, 10 + input);
        }
        export(magnitudes);
        try (NerModel model = NerModel.open(out)) {
            assertThat(weight(model.graphs().encoder(), LAYER + "_outliers").shape())
                    .containsExactly((long) OUTPUTS, 2L);
        }
    }

    @Test
    void progressNamesTheStages() throws ModelException {
        List<String> stages = new ArrayList<>();
        QuantizedExport.export(checkpoint, out, magnitudes, (stage, done, total) -> {
            if (stages.isEmpty() || !stages.get(stages.size() - 1).equals(stage)) {
                stages.add(stage);
            }
            assertThat(done).isBetween(1, total);
        });

        assertThat(stages)
                .containsExactly(
                        "float32 head",
                        "float32 encoder layers",
                        "float32 checksums",
                        "magnitudes on sample texts",
                        "int8 head",
                        "int8 encoder layers",
                        "int8 checksums");
    }

    @Test
    void theFloat32ExportIsDeleted() throws ModelException, IOException {
        export(magnitudes);

        try (Stream<Path> left = Files.list(out.getParent())) {
            assertThat(left).containsExactly(out);
        }
    }

    @Test
    void aRunThatFailsIsNamedAndLeavesNothingBehind() throws IOException {
        assertRefused(
                new OtherEngine(Optional.of((graphs, rows, outputs) -> {
                    throw EngineException.batchFailed("out of memory");
                })),
                "the engine other cannot run it in float32: out of memory");
    }

    @Test
    void anEngineThatShowsNothingIsRefusedBeforeAnythingIsWritten() throws IOException {
        assertRefused(new OtherEngine(Optional.empty()), "the engine other cannot show what flows inside a model");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void aModelWithValuesThatAreNotFiniteIsRefused(float magnitude) throws IOException {
        assertRefused(magnitudes.with(LAYER, 7, magnitude), "values in front of " + LAYER + " are not finite");
    }

    private void assertRefused(EngineProvider engine, String reason) throws IOException {
        assertThatThrownBy(() -> export(engine))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
        if (Files.exists(out.getParent())) {
            try (Stream<Path> left = Files.list(out.getParent())) {
                assertThat(left).isEmpty();
            }
        }
    }

    private ModelManifest export(EngineProvider engine) throws ModelException {
        return QuantizedExport.export(checkpoint, out, engine, ProgressListener.none());
    }

    private ModelGraph float32() throws ModelException {
        Path exported = directory.resolve("float32");
        CheckpointExporter.export(checkpoint, exported, ProgressListener.none());
        try (NerModel model = NerModel.open(exported)) {
            return model.graphs().encoder();
        }
    }

    private static float[] layer(ModelGraph graph, String suffix) {
        FloatBuffer values = weight(graph, LAYER + suffix).values().asFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return copy;
    }

    private static GraphWeight weight(ModelGraph graph, String name) {
        return graph.weights().stream()
                .filter(weight -> weight.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> operators(ModelGraph graph) throws IOException {
        GraphProto proto = ModelProto.parseFrom(graph.onnx()).getGraph();
        return proto.getNodeList().stream().map(NodeProto::getOpType).toList();
    }

    /** An engine that only looks inside models, or not even that. */
    private record OtherEngine(Optional<GraphInspection> inspection) implements EngineProvider {
        @Override
        public String name() {
            return "other";
        }

        @Override
        public int preference() {
            return 0;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "always there");
        }

        @Override
        public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
            throw EngineException.cannotOpen("opens nothing", new UnsupportedOperationException());
        }
    }
}
