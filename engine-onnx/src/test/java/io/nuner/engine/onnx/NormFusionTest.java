package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.ModelGraph;
import io.nuner.model.WeightType;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.AttributeProto.AttributeType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.OperatorSetIdProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.format.onnx.TensorShapeProto;
import io.nuner.model.format.onnx.TypeProto;
import io.nuner.model.format.onnx.ValueInfoProto;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormFusionTest {
    private static final int SIZE = 24;
    private static final int ROWS = 7;
    private static final int SEED = 20_261_201;
    private static final String FUSED = "SkipLayerNormalization";
    private static final String NORM = "LayerNormalization";
    private static final NodeProto SUM = node("Add", "sum", "x", "y");
    private static final NodeProto NORM_OF_SUM = norm(-1, "sum");

    @TempDir
    private Path directory = Path.of("");

    /** Two norms a layer of two; before the first layer BERT adds places to words, DeBERTa adds nothing. */
    @ParameterizedTest
    @CsvSource({
        "MARKER_V0_W3, FLOAT32, 4, 4",
        "MARKER_V0_W3, INT8, 4, 5",
        "BERT_V0_W3, FLOAT32, 5, 4",
        "BERT_V0_W3, INT8, 5, 5"
    })
    void everyNormOfASumIsOneOperator(Fixtures fixture, WeightType weights, int fused, int inputs) throws Exception {
        List<NodeProto> run = run(ExportedFixture.of(fixture, WeightsFormat.SAFETENSORS, weights, directory)
                .model()
                .graphs()
                .encoder());

        List<NodeProto> norms =
                run.stream().filter(node -> node.getOpType().equals(FUSED)).toList();
        assertThat(norms).hasSize(fused);
        assertThat(norms.get(fused - 1).getInputCount()).isEqualTo(inputs);
        assertThat(run).filteredOn(node -> node.getOpType().equals(NORM)).hasSize(5 - fused);
    }

    @Test
    void valuesAreThoseOfTheNorm() throws Exception {
        assertSame(SUM, NORM_OF_SUM);
    }

    @Test
    void aBiasOnEitherSideIsPartOfIt() throws Exception {
        assertSame(node("Add", "biased", "x", "bias"), node("Add", "sum", "biased", "y"), NORM_OF_SUM);
        assertSame(node("Add", "biased", "y", "bias"), node("Add", "sum", "x", "biased"), NORM_OF_SUM);
    }

    @Test
    void onlyOneBiasIs() throws Exception {
        byte[] onnx = graph(
                node("Add", "left", "x", "bias"),
                node("Add", "right", "y", "bias"),
                node("Add", "sum", "left", "right"),
                NORM_OF_SUM);

        assertThat(operators(NormFusion.in(onnx))).containsExactly("Add", FUSED);
        assertClose(onnx);
    }

    @Test
    void aBiasThatOthersReadStays() throws Exception {
        byte[] onnx = graph(
                node("Add", "biased", "x", "bias"),
                node("Relu", "other", "biased"),
                node("Add", "sum", "biased", "other"),
                NORM_OF_SUM);

        assertThat(operators(NormFusion.in(onnx))).containsExactly("Add", "Relu", FUSED);
        assertClose(onnx);
    }

    @Test
    void aBiasOfAnotherShapeStays() throws Exception {
        byte[] onnx = graph(node("Add", "biased", "x", "one"), node("Add", "sum", "biased", "y"), NORM_OF_SUM);

        assertThat(operators(NormFusion.in(onnx))).containsExactly("Add", FUSED);
        assertClose(onnx);
    }

    @Test
    void whatIsNoNormOfASumStaysAsItIs() {
        assertStays(graph(norm(-1, "x")));
        assertStays(graph(node("Add", "sum", "x", "bias"), NORM_OF_SUM));
        assertStays(graph(SUM, norm(1, "sum")));
        assertStays(graph(node("Mul", "sum", "x", "y"), NORM_OF_SUM));
        assertStays(graph(SUM, node("Relu", "other", "sum"), NORM_OF_SUM));
        assertStays(graph(SUM, node(NORM, "normed", "sum", "gain", "shift"))); // another default of epsilon
        assertStays("no graph".getBytes(StandardCharsets.UTF_8));
    }

    private static void assertStays(byte[] onnx) {
        assertThat(NormFusion.in(onnx)).isSameAs(onnx);
    }

    /** One operator, with the values of the nodes. */
    private static void assertSame(NodeProto... nodes) throws Exception {
        byte[] onnx = graph(nodes);
        assertThat(operators(NormFusion.in(onnx))).containsExactly(FUSED);
        assertClose(onnx);
    }

    private static void assertClose(byte[] onnx) throws Exception {
        float[][] expected = values(onnx);
        float[][] actual = values(NormFusion.in(onnx));
        for (int row = 0; row < ROWS; row++) {
            assertThat(actual[row]).containsExactly(expected[row], Offset.offset(1e-5f));
        }
    }

    private static List<String> operators(byte[] onnx) throws Exception {
        return ModelProto.parseFrom(onnx).getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    /** What ONNX Runtime computes of random inputs. */
    private static float[][] values(byte[] onnx) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        OrtEnvironment environment = OnnxLibrary.environment();
        try (SessionOptions options = Sessions.options(new Sessions.Processor(1, ByteProducts.here()));
                OrtSession session = environment.createSession(onnx, options);
                OnnxTensor x = tensor(environment, random);
                OnnxTensor y = tensor(environment, random);
                OrtSession.Result result = session.run(Map.of("x", x, "y", y))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, SplittableRandom random) throws OrtException {
        return OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(values(random, ROWS * SIZE)), new long[] {ROWS, SIZE});
    }

    private static float[] values(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }

    /** The operators that ONNX Runtime runs. */
    private List<NodeProto> run(ModelGraph graph) throws Exception {
        Path written = directory.resolve("optimized.onnx");
        try (SessionOptions options = Sessions.options(new Sessions.Processor(1, ByteProducts.here()))) {
            options.setOptimizedModelFilePath(written.toString());
            LoadedGraph.of(OnnxLibrary.environment(), graph, options).close();
        }
        return ModelProto.parseFrom(Files.readAllBytes(written)).getGraph().getNodeList();
    }

    /** From x and y to {@code normed}. */
    private static byte[] graph(NodeProto... nodes) {
        SplittableRandom random = new SplittableRandom(SEED);
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(20))
                .setGraph(GraphProto.newBuilder()
                        .setName("norm")
                        .addAllNode(List.of(nodes))
                        .addInput(value("x"))
                        .addInput(value("y"))
                        .addOutput(value("normed"))
                        .addInitializer(vector("bias", SIZE, random))
                        .addInitializer(vector("gain", SIZE, random))
                        .addInitializer(vector("shift", SIZE, random))
                        .addInitializer(vector("one", 1, random)))
                .build()
                .toByteArray();
    }

    private static NodeProto norm(long axis, String x) {
        return node(NORM, "normed", x, "gain", "shift").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeType.INT)
                        .setI(axis))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("epsilon")
                        .setType(AttributeType.FLOAT)
                        .setF(0.5f))
                .build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto value(String name) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("T"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(SIZE));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }

    private static TensorProto vector(String name, int size, SplittableRandom random) {
        TensorProto.Builder vector = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.FLOAT.getNumber())
                .addDims(size);
        for (float value : values(random, size)) {
            vector.addFloatData(value);
        }
        return vector.build();
    }
}
