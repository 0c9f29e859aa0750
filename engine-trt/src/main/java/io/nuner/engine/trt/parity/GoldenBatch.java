package io.nuner.engine.trt.parity;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.util.List;

/**
 * Rows of real text and what the reference engine makes of them. Immutable.
 *
 * @param reference name and version of the engine, e.g. {@code onnx 1.29.0}
 * @param rows at least one
 * @param answers the logits of each row, finite
 */
public record GoldenBatch(String reference, List<TokenRow> rows, List<RowLogits> answers) {
    public GoldenBatch {
        rows = List.copyOf(rows);
        answers = List.copyOf(answers);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("there is no row to compare");
        }
        if (rows.size() != answers.size()) {
            throw new IllegalArgumentException(rows.size() + " rows, but " + answers.size() + " answers");
        }
        for (int row = 0; row < rows.size(); row++) {
            requireFit(row, rows.get(row), answers.get(row));
        }
    }

    private static void requireFit(int index, TokenRow row, RowLogits answer) {
        if (answer.words() != row.wordCount() || answer.labels() != row.labelCount() || !answer.isFinite()) {
            throw new IllegalArgumentException("the answer to row " + index + " does not fit it or is not finite");
        }
    }
}
