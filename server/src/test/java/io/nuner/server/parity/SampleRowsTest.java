package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.TokenRow;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.export.CheckpointExporter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of real text by which engines are compared, as the demo model's tokenizer makes them. */
class SampleRowsTest {
    private static final List<Integer> ROW_LENGTHS = List.of(32, 64, 96, 128, 192, 256, 384, 512);

    @Test
    void everyRowLengthGetsOne(@TempDir Path directory) throws Exception {
        Path exported = directory.resolve("exported");
        ModelManifest manifest = CheckpointExporter.export(Path.of("..", "model", "demo"), exported, (a, b, c) -> {});
        try (NerModel model = NerModel.open(exported)) {
            List<TokenRow> rows = model.graphs().samples().get();

            TreeMap<Integer, Integer> counts = new TreeMap<>();
            for (TokenRow row : rows) {
                counts.merge(length(row), 1, Integer::sum);
            }
            System.out.println("rows by length: " + counts);
            assertThat(rows).hasSize(24);
            assertThat(counts.keySet()).containsAll(ROW_LENGTHS);
            assertThat(rows).allMatch(row -> row.wordCount() <= manifest.maxWords());
            assertThat(rows).allMatch(row -> row.tokenCount() <= manifest.maxRowTokens());
            assertThat(rows).extracting(TokenRow::labelCount).contains(1, 7);
        }
    }

    private static int length(TokenRow row) {
        return ROW_LENGTHS.stream()
                .filter(length -> length >= row.tokenCount())
                .min(Comparator.naturalOrder())
                .orElse(Integer.MAX_VALUE);
    }
}
