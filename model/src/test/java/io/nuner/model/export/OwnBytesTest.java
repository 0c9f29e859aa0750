package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.GraphWeight;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.export.checkpoint.ByteRows;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.WeightsFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint keeps as bytes with a factor for each row is not rounded a second time. */
class OwnBytesTest {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";
    private static final int HEAD_SIZE = 8;

    @TempDir
    private Path directory = Path.of("");

    private Path checkpoint = Path.of("");
    private Map<String, GraphWeight> weights = Map.of();

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.BERT_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    private void export(GivenMagnitudes magnitudes) throws ModelException {
        Path out = directory.resolve("exported");
        QuantizedExport.export(checkpoint, out, magnitudes, ProgressListener.none());
        try (NerModel model = NerModel.open(out)) {
            weights = Stream.of(model.graphs().encoder(), model.graphs().head())
                    .flatMap(graph -> graph.weights().stream())
                    .collect(Collectors.toMap(GraphWeight::name, Function.identity(), (one, other) -> one));
        }
    }

    @Test
    void embeddingsAreCopied() throws ModelException {
        export(new GivenMagnitudes());
        StoredTensor table = tensor(ENCODER + "embeddings.word_embeddings.weight");
        ByteRows own = table.byteRows().orElseThrow();
        byte[] bytes = new byte[table.size()];
        own.read(0, bytes, bytes.length);

        assertThat(weight("embeddings/words").values()).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(weight("embeddings/words").shape()).containsExactly((long) rows(table), (long) columns(table));
        for (int row = 0; row < rows(table); row++) {
            assertThat(factor("embeddings/words_scale", row)).isEqualTo(own.factor(row));
        }
    }

    @Test
    void aLinearLayerIsTurned() throws ModelException {
        export(new GivenMagnitudes());
        assertTurned("layer1/feed_forward_in", 0, tensor(ENCODER + "encoder.layer.1.intermediate.dense.weight"), 1);
    }

    @Test
    void layersBesideEachOtherKeepTheirRowsAndTheScaleOfScoresGoesIntoTheFactors() throws ModelException {
        export(new GivenMagnitudes());
        String attention = ENCODER + "encoder.layer.0.attention.self.";
        StoredTensor query = tensor(attention + "query.weight");

        assertTurned("layer0/qkv", 0, query, (float) (1 / Math.sqrt(HEAD_SIZE)));
        assertTurned("layer0/qkv", rows(query), tensor(attention + "key.weight"), 1);
        assertTurned("layer0/qkv", 2 * rows(query), tensor(attention + "value.weight"), 1);
    }

    @Test
    void halvesOfALayerShareItsFactors() throws ModelException {
        export(new GivenMagnitudes());
        StoredTensor layer = tensor("span_rep_layer.span_rep_layer.out_project.0.weight");
        ByteRows own = layer.byteRows().orElseThrow();
        int half = columns(layer) / 2;
        byte[] row = new byte[columns(layer)];
        for (int out = 0; out < rows(layer); out++) {
            own.read(out * columns(layer), row, row.length);
            for (int in = 0; in < half; in++) {
                assertThat(turned("spans/start_half", in, out)).isEqualTo(row[in]);
                assertThat(turned("spans/end_half", in, out)).isEqualTo(row[half + in]);
            }
            assertThat(factor("spans/start_half_scale", out)).isEqualTo(own.factor(out));
            assertThat(factor("spans/end_half_scale", out)).isEqualTo(own.factor(out));
        }
    }

    @Test
    void outliersTakeTheirBytesWithThemAndLeaveTheFactors() throws ModelException {
        export(new GivenMagnitudes().with("layer0/qkv", 3, 5).with("layer0/qkv", 20, 9));
        StoredTensor query = tensor(ENCODER + "encoder.layer.0.attention.self.query.weight");
        ByteRows own = query.byteRows().orElseThrow();
        float scale = (float) (1 / Math.sqrt(HEAD_SIZE));
        byte[] row = new byte[columns(query)];
        for (int out = 0; out < rows(query); out++) {
            own.read(out * columns(query), row, row.length);
            for (int in = 0; in < row.length; in++) {
                boolean isOutlier = in == 3 || in == 20;
                assertThat(turned("layer0/qkv", in, out)).isEqualTo(isOutlier ? 0 : row[in]);
            }
            assertThat(factor("layer0/qkv_scale", out)).isEqualTo(own.factor(out) * scale);
            assertThat(factor("layer0/qkv_outliers", 2 * out)).isEqualTo(row[3] * own.factor(out) * scale);
            assertThat(factor("layer0/qkv_outliers", 2 * out + 1)).isEqualTo(row[20] * own.factor(out) * scale);
        }
    }

    private void assertTurned(String name, int firstOutput, StoredTensor layer, float scale) {
        ByteRows own = layer.byteRows().orElseThrow();
        byte[] row = new byte[columns(layer)];
        for (int out = 0; out < rows(layer); out++) {
            own.read(out * columns(layer), row, row.length);
            for (int in = 0; in < row.length; in++) {
                assertThat(turned(name, in, firstOutput + out)).isEqualTo(row[in]);
            }
            assertThat(factor(name + "_scale", firstOutput + out)).isEqualTo(own.factor(out) * scale);
        }
    }

    private StoredTensor tensor(String name) throws ModelException {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return opened.tensor(name);
        }
    }

    private static int rows(StoredTensor tensor) {
        return tensor.shape().get(0);
    }

    private static int columns(StoredTensor tensor) {
        return tensor.shape().get(1);
    }

    private GraphWeight weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private byte turned(String name, int in, int out) {
        GraphWeight weight = weight(name);
        assertThat(weight.type()).isEqualTo(GraphWeight.Type.INT8);
        return weight.values().get(Math.toIntExact(in * weight.shape().get(1) + out));
    }

    private float factor(String name, int index) {
        return weight(name).values().getFloat(index * Float.BYTES);
    }
}
