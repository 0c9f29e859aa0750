package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.RandomRows;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.WeightType;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.List;
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
        Path out = directory.resolve("exported");
        Path checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
        QuantizedExport.export(checkpoint, out, new GivenMagnitudes(), ProgressListener.none());
        try (NerModel model = NerModel.open(out)) {
            ModelGraphs graphs = model.graphs();
            for (ByteProducts products : List.of(DIRECT, WITHOUT_OVERFLOW)) {
                OptimizedGraph encoder = OptimizedGraph.of(graphs.encoder(), products, directory);
                OptimizedGraph head = OptimizedGraph.of(graphs.head(), products, directory);

                encoder.assertProductsOfBytes(LAYERS * PRODUCTS_OF_A_LAYER);
                head.assertProductsOfBytes(inHead);
                assertThat(encoder.floatProducts() + head.floatProducts()).isZero();
            }
        }
    }

    /** An x86 processor without VNNI computes with unsigned weights, all others as they are; no score tells which. */
    @ParameterizedTest
    @EnumSource(names = {"MARKER_V0_W3", "BERT_V0_W3"})
    void productsWithoutOverflowAreTheSame(Fixtures fixture) throws ModelException, EngineException {
        ExportedFixture exported = export(fixture);
        ModelGraphs graphs = exported.model().graphs();
        List<TokenRow> rows = new RandomRows(SEED, graphs.vocabularySize()).rows(6, 40);

        assertThat(EngineScores.worst(
                        EngineScores.of(graphs, WITHOUT_OVERFLOW, rows),
                        EngineScores.of(graphs, ByteProducts.here(), rows)))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreCloseToThoseOfFloat32(Fixtures fixture) throws ModelException, EngineException {
        ExportedFixture exported = export(fixture);
        List<FixtureCase> cases = exported.cases();
        List<TokenRow> rows = cases.stream().map(exported::row).toList();
        List<RowLogits> expected = cases.stream().map(FixtureCase::logits).toList();
        List<RowLogits> actual = EngineScores.of(exported.model().graphs(), ByteProducts.here(), rows);

        assertThat(EngineScores.worstShare(expected, actual)).isPositive().isLessThan(LARGEST_SHARE);
    }

    private ExportedFixture export(Fixtures fixture) throws ModelException {
        return ExportedFixture.of(fixture, WeightsFormat.SAFETENSORS, WeightType.INT8, directory);
    }
}
