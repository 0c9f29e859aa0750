package io.nuner.engine.onnx;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.engine.testing.LogitsDistance;
import java.util.ArrayList;
import java.util.List;

/** Scores of rows, and how far they are from others. */
final class EngineScores {
    private EngineScores() {}

    /** Of rows in one batch, on a processor that multiplies bytes in a certain way. */
    static List<RowLogits> of(ModelGraphs graphs, ByteProducts products, List<TokenRow> rows) throws EngineException {
        EngineSettings settings = new EngineSettings(ExportedFixture.LIMITS, 1, 1);
        List<RowLogits> scores = new ArrayList<>();
        try (InferenceEngine engine = OnnxEngine.open(graphs, settings, products);
                EngineLane lane = engine.openLane()) {
            Logits together = lane.run(PackedBatch.of(rows));
            for (int row = 0; row < rows.size(); row++) {
                scores.add(together.takeRow(row));
            }
        }
        return scores;
    }

    /** The worst difference of a score. */
    static float worst(List<RowLogits> expected, List<RowLogits> actual) {
        float worst = 0;
        for (int row = 0; row < expected.size(); row++) {
            worst = Math.max(worst, LogitsDistance.of(expected.get(row), actual.get(row)));
        }
        return worst;
    }

    /** The same as a share of the largest score. */
    static float worstShare(List<RowLogits> expected, List<RowLogits> actual) {
        return worst(expected, actual) / worst(zeros(expected), expected);
    }

    /** The mean of the worst differences of the rows, as a share of the largest score. */
    static float meanShare(List<RowLogits> expected, List<RowLogits> actual) {
        float sum = 0;
        for (int row = 0; row < expected.size(); row++) {
            sum += LogitsDistance.of(expected.get(row), actual.get(row));
        }
        return sum / expected.size() / worst(zeros(expected), expected);
    }

    private static List<RowLogits> zeros(List<RowLogits> scores) {
        return scores.stream()
                .map(row -> RowLogits.wrap(
                        row.words(),
                        row.maxWidth(),
                        row.labels(),
                        new float[row.words() * row.maxWidth() * row.labels()]))
                .toList();
    }
}
