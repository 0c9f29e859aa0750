package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.ModelGraph;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.PlantedOutliers;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.model.testing.RandomCheckpoint.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Int8 exports of checkpoints with planted outliers. */
class Int8OutliersTest {
    private static final long SEED = 20_261_201;
    private static final int PRODUCTS_OF_ENCODER = 8;
    private static final int PRODUCTS_OF_HEAD = 10;
    private static final int LONGEST_ROW = 200;
    /** Twice what these checkpoints show with columns (0.03); bytes alone show 0.37 and 0.17. */
    private static final float LARGEST_SHARE = 0.06f;

    private static final Map<Shape, Exports> ALL = new EnumMap<>(Shape.class);

    @BeforeAll
    static void export(@TempDir Path directory) throws ModelException {
        for (Shape shape : List.of(Shape.TINY, Shape.TINY_BERT)) {
            ALL.put(shape, Exports.of(shape, directory.resolve(shape.name())));
        }
    }

    @AfterAll
    static void close() {
        ALL.values().forEach(Exports::close);
    }

    @ParameterizedTest
    @EnumSource(names = {"TINY", "TINY_BERT"})
    void plantedChannelsAreTheOutliers(Shape shape) throws IOException {
        ModelGraphs graphs = exports(shape).columns().graphs();
        Map<String, List<Integer>> outliers = new HashMap<>(outliers(graphs.encoder()));
        outliers.putAll(outliers(graphs.head()));

        for (String layer : List.of(
                "layer0/attention_output",
                "layer1/attention_output",
                "projection/projection.weight",
                "labels/3.weight",
                "starts/3.weight",
                "ends/3.weight")) {
            assertThat(outliers.get(layer)).as(layer).contains(PlantedOutliers.CHANNEL);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TINY", "TINY_BERT"})
    void scoresStayCloseToFloat32WhereBytesAloneLoseThem(Shape shape) throws EngineException {
        List<TokenRow> rows = rows(shape);
        List<RowLogits> expected = scores(exports(shape).planted(), rows);
        float columns = EngineScores.meanShare(expected, scores(exports(shape).columns(), rows));
        float bytes = EngineScores.meanShare(expected, scores(exports(shape).bytes(), rows));

        assertThat(columns).isPositive().isLessThan(LARGEST_SHARE);
        assertThat(bytes).isGreaterThan(3 * columns);
    }

    /** What makes the comparison above one of the rounding alone. */
    @ParameterizedTest
    @EnumSource(names = {"TINY", "TINY_BERT"})
    void plantingChangesNoBitOfAScoreInFloat32(Shape shape) throws EngineException {
        List<TokenRow> rows = rows(shape);

        assertThat(EngineScores.worst(
                        scores(exports(shape).unplanted(), rows),
                        scores(exports(shape).planted(), rows)))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"TINY", "TINY_BERT"})
    void everyProductOfBytesIsStillOneOperator(Shape shape, @TempDir Path directory) throws Exception {
        ModelGraphs graphs = exports(shape).columns().graphs();
        for (ByteProducts products : List.of(new ByteProducts(false, ""), new ByteProducts(true, ""))) {
            OptimizedGraph encoder = OptimizedGraph.of(graphs.encoder(), products, directory);
            OptimizedGraph head = OptimizedGraph.of(graphs.head(), products, directory);

            encoder.assertProductsOfBytes(PRODUCTS_OF_ENCODER);
            head.assertProductsOfBytes(PRODUCTS_OF_HEAD);
            assertThat(encoder.floatProducts()).isBetween(2L, (long) PRODUCTS_OF_ENCODER);
            assertThat(head.floatProducts()).isBetween(4L, (long) PRODUCTS_OF_HEAD);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TINY", "TINY_BERT"})
    void productsWithoutOverflowAreTheSame(Shape shape) throws EngineException {
        NerModel model = exports(shape).columns();
        List<TokenRow> rows = rows(shape);

        assertThat(EngineScores.worst(
                        EngineScores.of(model.graphs(), new ByteProducts(true, ""), rows), scores(model, rows)))
                .isZero();
    }

    private static Exports exports(Shape shape) {
        return Objects.requireNonNull(ALL.get(shape));
    }

    /** Of the sample texts the shorter ones, which run quickly in one batch. */
    private static List<TokenRow> rows(Shape shape) {
        return exports(shape).planted().graphs().samples().get().stream()
                .filter(row -> row.tokenCount() <= LONGEST_ROW)
                .toList();
    }

    private static List<RowLogits> scores(NerModel model, List<TokenRow> rows) throws EngineException {
        return EngineScores.of(model.graphs(), ByteProducts.here(), rows);
    }

    /** By the name of a layer's weight. */
    private static Map<String, List<Integer>> outliers(ModelGraph graph) throws IOException {
        GraphProto proto = ModelProto.parseFrom(graph.onnx()).getGraph();
        Map<String, TensorProto> constants = new HashMap<>();
        proto.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
        Map<String, String> gathered = new HashMap<>();
        Map<String, List<Integer>> outliers = new HashMap<>();
        for (NodeProto node : proto.getNodeList()) {
            if (node.getOpType().equals("Gather")) {
                gathered.put(node.getOutput(0), node.getInput(1));
            }
            if (node.getOpType().equals("Gemm")) {
                String weight = node.getInput(1);
                String columns = Objects.requireNonNull(gathered.get(node.getInput(0)));
                outliers.put(
                        weight.substring(0, weight.lastIndexOf("_outliers")),
                        Objects.requireNonNull(constants.get(columns)).getInt32DataList());
            }
        }
        return outliers;
    }

    /**
     * A checkpoint's exports.
     *
     * @param unplanted in float32, before anything was planted
     * @param planted in float32
     * @param columns in int8, as users get it
     * @param bytes in int8, without a column of floats
     */
    private record Exports(NerModel unplanted, NerModel planted, NerModel columns, NerModel bytes) {
        static Exports of(Shape shape, Path directory) throws ModelException {
            Path checkpoint = directory.resolve("checkpoint");
            RandomCheckpoint.write(shape, SEED, checkpoint);
            NerModel unplanted = float32(checkpoint, directory.resolve("unplanted"));
            PlantedOutliers.into(checkpoint);
            return new Exports(
                    unplanted,
                    float32(checkpoint, directory.resolve("planted")),
                    int8(checkpoint, directory.resolve("columns"), new OnnxEngineProvider()),
                    int8(checkpoint, directory.resolve("bytes"), new GivenMagnitudes()));
        }

        private static NerModel float32(Path checkpoint, Path out) throws ModelException {
            CheckpointExporter.export(checkpoint, out, ProgressListener.none());
            return NerModel.open(out);
        }

        private static NerModel int8(Path checkpoint, Path out, EngineProvider engine) throws ModelException {
            QuantizedExport.export(checkpoint, out, engine, ProgressListener.none());
            return NerModel.open(out);
        }

        void close() {
            List.of(unplanted, planted, columns, bytes).forEach(NerModel::close);
        }
    }
}
