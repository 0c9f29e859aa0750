package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.LogitsDistance;
import io.nuner.engine.testing.RandomRows;
import io.nuner.model.ModelException;
import io.nuner.model.WeightType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What ONNX Runtime makes of the products of an export with int8 weights. */
class Int8ProductsTest {
    private static final ByteProducts DIRECT = new ByteProducts(false, "");
    private static final ByteProducts WITHOUT_OVERFLOW = new ByteProducts(true, "");
    private static final int LAYERS = 2;
    private static final int PRODUCTS_OF_A_LAYER = 4;
    /**
     * The worst difference of a score as a share of the largest score. Twice what these checkpoints of 32 values a token show (0.07 to
     * 0.11): more values average rounding out.
     */
    private static final float LARGEST_SHARE = 0.2f;

    private static final int SEED = 20_261_130;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"MARKER_W1, 10", "MARKER_V0_W3, 9", "BERT_W1, 10", "BERT_V0_W3, 9"})
    void everyLinearLayerIsOneProductOfBytes(Fixtures fixture, int inHead) throws Exception {
        ExportedFixture exported = export(fixture, WeightType.INT8);
        for (ByteProducts products : List.of(DIRECT, WITHOUT_OVERFLOW)) {
            GraphProto encoder = optimized(exported.model().graphs().encoder(), products);
            GraphProto head = optimized(exported.model().graphs().head(), products);

            assertFused(encoder, LAYERS * PRODUCTS_OF_A_LAYER, products);
            assertFused(head, inHead, products);
        }
    }

    /** An x86 processor without VNNI computes with unsigned weights, all others as they are; no score tells which. */
    @ParameterizedTest
    @EnumSource(names = {"MARKER_V0_W3", "BERT_V0_W3"})
    void productsWithoutOverflowAreTheSame(Fixtures fixture) throws ModelException, EngineException {
        ExportedFixture exported = export(fixture, WeightType.INT8);
        List<TokenRow> rows = new RandomRows(SEED, exported.model().manifest().vocabularySize()).rows(6, 40);

        assertThat(worst(scores(exported, WITHOUT_OVERFLOW, rows), scores(exported, ByteProducts.here(), rows)))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreCloseToThoseOfFloat32(Fixtures fixture) throws ModelException, EngineException {
        ExportedFixture exported = export(fixture, WeightType.INT8);
        List<FixtureCase> cases = exported.cases();
        List<TokenRow> rows = cases.stream().map(exported::row).toList();
        List<RowLogits> expected = cases.stream().map(FixtureCase::logits).toList();

        float share = worst(expected, scores(exported, ByteProducts.here(), rows)) / largest(expected);
        assertThat(share).isPositive().isLessThan(LARGEST_SHARE);
    }

    private ExportedFixture export(Fixtures fixture, WeightType weights) throws ModelException {
        return ExportedFixture.of(fixture, WeightsFormat.SAFETENSORS, weights, directory);
    }

    /** The graph that ONNX Runtime runs. */
    private GraphProto optimized(ModelGraph graph, ByteProducts products) throws Exception {
        Path written = directory.resolve("optimized.onnx");
        Files.deleteIfExists(written);
        try (SessionOptions options = Sessions.options(new Sessions.Processor(1, products))) {
            options.setOptimizedModelFilePath(written.toString());
            LoadedGraph.of(OnnxLibrary.environment(), graph, options).close();
        }
        return ModelProto.parseFrom(Files.readAllBytes(written)).getGraph();
    }

    private static void assertFused(GraphProto graph, int count, ByteProducts products) {
        List<NodeProto> fused = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("MatMulIntegerToFloat"))
                .toList();
        Map<String, Integer> types = graph.getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, TensorProto::getDataType));
        DataType weights = products.isTold() ? DataType.UINT8 : DataType.INT8;

        assertThat(fused).hasSize(count);
        assertThat(fused).allSatisfy(node -> assertThat(types).containsEntry(node.getInput(1), weights.getNumber()));
        assertThat(graph.getNodeList())
                .extracting(NodeProto::getOpType)
                .doesNotContain("DequantizeLinear", "MatMulInteger", "Gemm");
    }

    private static List<RowLogits> scores(ExportedFixture exported, ByteProducts products, List<TokenRow> rows)
            throws EngineException {
        EngineSettings settings = new EngineSettings(ExportedFixture.LIMITS, 1, 1);
        List<RowLogits> scores = new ArrayList<>();
        try (InferenceEngine engine = OnnxEngine.open(exported.model().graphs(), settings, products);
                EngineLane lane = engine.openLane()) {
            Logits together = lane.run(PackedBatch.of(rows));
            for (int row = 0; row < rows.size(); row++) {
                scores.add(together.takeRow(row));
            }
        }
        return scores;
    }

    private static float worst(List<RowLogits> expected, List<RowLogits> actual) {
        float worst = 0;
        for (int row = 0; row < expected.size(); row++) {
            worst = Math.max(worst, LogitsDistance.of(expected.get(row), actual.get(row)));
        }
        return worst;
    }

    private static float largest(List<RowLogits> scores) {
        float largest = 0;
        for (RowLogits row : scores) {
            RowLogits zeros = RowLogits.wrap(
                    row.words(), row.maxWidth(), row.labels(), new float[row.words() * row.maxWidth() * row.labels()]);
            largest = Math.max(largest, LogitsDistance.of(zeros, row));
        }
        return largest;
    }
}
