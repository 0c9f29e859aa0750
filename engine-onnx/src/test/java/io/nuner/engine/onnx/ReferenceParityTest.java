package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.LogitsDistance;
import io.nuner.model.ModelException;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported checkpoints answer as the Python reference does. */
class ReferenceParityTest {
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    private Path tempDir;

    @ParameterizedTest
    @CsvSource({
        "MARKER_W1, SAFETENSORS",
        "MARKER_W1, PYTORCH_BIN",
        "MARKER_V0_W3, SAFETENSORS",
        "MARKER_V0_W3, PYTORCH_BIN",
        "REAL_VOCAB, SAFETENSORS",
        "BERT_W1, SAFETENSORS",
        "BERT_V0_W3, SAFETENSORS"
    })
    void everyCaseHasTheReferencesLogitsAloneAndInOneBatch(Fixtures fixture, WeightsFormat format)
            throws ModelException, EngineException {
        ExportedFixture exported = ExportedFixture.of(fixture, format, tempDir);
        List<FixtureCase> cases = exported.cases();
        List<TokenRow> rows = cases.stream().map(exported::row).toList();

        assertThat(cases).hasSizeGreaterThan(10);
        try (InferenceEngine engine = exported.openEngine(1);
                EngineLane lane = engine.openLane()) {
            float worst = 0;
            for (int i = 0; i < rows.size(); i++) {
                worst = Math.max(worst, difference(lane.run(PackedBatch.of(List.of(rows.get(i)))), 0, cases.get(i)));
            }
            assertThat(worst).as("alone").isLessThan(TOLERANCE);
            Logits together = lane.run(PackedBatch.of(rows));
            for (int i = 0; i < rows.size(); i++) {
                assertThat(difference(together, i, cases.get(i)))
                        .as("together: %s", cases.get(i))
                        .isLessThan(TOLERANCE);
            }
        }
    }

    private static float difference(Logits logits, int row, FixtureCase example) throws EngineException {
        return LogitsDistance.of(example.logits(), logits.takeRow(row));
    }
}
