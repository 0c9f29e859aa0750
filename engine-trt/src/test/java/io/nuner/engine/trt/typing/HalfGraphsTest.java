package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineException;
import io.nuner.engine.trt.typing.HalfGraphs.TypedGraph;
import io.nuner.model.ModelException;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HalfGraphsTest {
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Gelu");
    private static final Set<String> ISLANDS = Set.of("Add", "LayerNormalization", "Softmax", "LSTM");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Fixtures.class)
    void graphsOfEveryFixtureAreWellTypedAndLookTheSameFromOutside(Fixtures fixture)
            throws ModelException, EngineException, TypingException {
        try (TypedModel model = TypedModel.of(fixture, directory)) {
            for (HalfType half : HalfType.values()) {
                TypedModel.GraphPair typed = model.typed(half);
                for (int i = 0; i < 2; i++) {
                    GraphProto before = TypedModel.read(model.exported().both().get(i));
                    GraphProto after = TypedModel.read(typed.both().get(i));
                    requireWellTyped(after, half);
                    requireFewestCasts(after);
                    assertThat(after.getInputList()).isEqualTo(before.getInputList());
                    assertThat(after.getOutputList()).isEqualTo(before.getOutputList());
                }
            }
        }
    }

    private static void requireWellTyped(GraphProto graph, HalfType half) throws TypingException {
        Map<String, DataType> types = ElementTypes.of(graph);
        for (NodeProto node : graph.getNodeList()) {
            String result = node.getOutput(0);
            if (PRODUCTS.contains(node.getOpType())) {
                boolean score = result.startsWith("scores/");
                assertThat(types).as(result).containsEntry(result, score ? DataType.FLOAT : half.element());
            }
            if (ISLANDS.contains(node.getOpType())) {
                assertThat(types.get(result)).as(result).isIn(DataType.FLOAT, DataType.INT32, DataType.INT64);
            }
        }
        assertThat(types.values()).contains(half.element(), DataType.FLOAT);
    }

    /** No value is cast twice, and no cast reads what another one gave, but for values that a norm rounded. */
    private static void requireFewestCasts(GraphProto graph) {
        List<NodeProto> casts = graph.getNodeList().stream()
                .filter(node -> node.getOutput(0).contains("/as_"))
                .toList();

        assertThat(casts).extracting(cast -> cast.getInput(0)).doesNotHaveDuplicates();
        assertThat(casts)
                .extracting(cast -> cast.getInput(0))
                .doesNotContainAnyElementsOf(
                        casts.stream().map(cast -> cast.getOutput(0)).toList());
    }

    /** Three where products become scores, one behind the softmax, two for each sum that feeds a norm. */
    @Test
    void aLayerHasTheCastsThatItsIslandsNeed() throws ModelException, EngineException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 1, directory)) {
            GraphProto graph = TypedModel.read(model.typed(HalfType.FP16).encoder());

            assertThat(graph.getNodeList().stream()
                            .map(node -> node.getOutput(0))
                            .filter(name -> name.startsWith("layer0/") && name.contains("/as_")))
                    .containsExactlyInAnyOrder(
                            "layer0/MatMul/as_float", // content
                            "layer0/Slice_2/as_float", // by query
                            "layer0/Transpose_4/as_float", // by key
                            "layer0/Softmax/as_float16",
                            "layer0/Gemm_2/as_float", // attention output
                            "layer0/LayerNormalization/as_float", // residual
                            "layer0/Gemm_4/as_float"); // feed-forward
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void weightsOfProductsAreRoundedAndThoseOfIslandsKept(Precision precision)
            throws ModelException, EngineException, IOException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 2, directory)) {
            Path out = Files.createDirectory(directory.resolve("typed"));
            for (Path graph : model.exported().both()) {
                TypedGraph typed = HalfGraphs.write(GraphFile.read(graph), out, precision);

                assertThat(typed.hiddenSize()).isEqualTo(32);
                requireSameValues(StoredWeights.of(graph), StoredWeights.of(typed.graph()), HalfType.of(precision));
            }
        }
    }

    private static void requireSameValues(StoredWeights before, StoredWeights after, HalfType half) {
        assertThat(after.tensors()).hasSameSizeAs(before.tensors());
        for (int i = 0; i < before.tensors().size(); i++) {
            TensorProto tensor = after.tensors().get(i);
            String name = before.tensors().get(i).getName();
            ByteBuffer exact = before.bytes(before.tensors().get(i));
            boolean kept = name.contains("norm") || name.startsWith("lstm/") || name.equals("words/zero");

            assertThat(tensor.getName()).isEqualTo(name);
            assertThat(DataType.forNumber(tensor.getDataType()))
                    .as(name)
                    .isEqualTo(kept ? DataType.FLOAT : half.element());
            assertThat(after.bytes(tensor)).as(name).isEqualTo(kept ? exact : rounded(exact, half));
            assertThat(StoredWeights.place(tensor).offset()
                            % (after.bytes(tensor).limit() < 1 << 20 ? 64 : 4096))
                    .isZero();
        }
    }

    private static ByteBuffer rounded(ByteBuffer exact, HalfType half) {
        ByteBuffer rounded = ByteBuffer.allocate(exact.limit() / 2).order(exact.order());
        while (exact.hasRemaining()) {
            rounded.putShort(half.round(exact.getFloat()));
        }
        return rounded.flip();
    }

    @Test
    void aWeightBeyondFp16IsNamedAndFitsBf16() throws ModelException, EngineException, IOException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 3, directory)) {
            StoredWeights.of(model.exported().encoder()).change("layer1/qkv"::equals, value -> 70_000);

            assertThatThrownBy(() -> model.typed(HalfType.FP16))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("encoder.onnx: holds 70000.0 in the weight layer1/qkv, beyond 65504.0")
                    .hasMessageContaining("use bf16");
            assertThat(model.typed(HalfType.BF16).encoder()).exists();
        }
    }

    @Test
    void aWeightThatIsNoNumberIsNamed() throws ModelException, IOException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 3, directory)) {
            StoredWeights.of(model.exported().encoder()).change("layer0/qkv_bias"::equals, value -> Double.NaN);

            assertThatThrownBy(() -> model.typed(HalfType.BF16))
                    .hasMessageContaining("holds NaN in the weight layer0/qkv_bias, which is no number");
        }
    }

    @Test
    void cutWeightsAreRefused() throws ModelException, IOException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 4, directory)) {
            Path weights = model.exported().head().resolveSibling("head.weights");
            try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 1);
            }

            assertThatThrownBy(() -> model.typed(HalfType.FP16))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("beyond the end of its file");
        }
    }

    @Test
    void typedGraphsAreNotTypedAgain() throws ModelException, EngineException, IOException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 4, directory)) {
            Path encoder = model.typed(HalfType.FP16).encoder();
            Path out = Files.createDirectory(directory.resolve("again"));

            assertThatThrownBy(() -> HalfGraphs.write(GraphFile.read(encoder), out, Precision.BF16))
                    .hasMessageContaining("which is not float32");
            assertThat(out).isEmptyDirectory();
        }
    }

    @Test
    void nothingIsOverwritten() throws ModelException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 4, directory)) {
            Path encoder = model.exported().encoder();

            assertThatThrownBy(() -> HalfGraphs.write(GraphFile.read(encoder), model.directory(), Precision.FP16))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("cannot be typed as fp16");
        }
    }
}
