package io.nuner.server.costs;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;

/** Makes batches of a given shape, of no text: a few labels, then a word at every other token. Immutable. */
record SyntheticRows(EngineLimits limits) {
    private static final int LABELS = 5;

    /** Ids that every vocabulary has. */
    private static final int IDS = 4;

    PackedBatch batch(BatchShape shape) {
        List<TokenRow> rows = new ArrayList<>();
        rows.add(row(shape.longestRow()));
        int left = shape.tokens() - shape.longestRow();
        for (int others = shape.rows() - 1; others > 0; others--) {
            int tokens = left / others;
            rows.add(row(tokens));
            left -= tokens;
        }
        return PackedBatch.of(rows);
    }

    private TokenRow row(int tokens) {
        int[] ids = new int[tokens];
        for (int position = 0; position < tokens; position++) {
            ids[position] = position % IDS;
        }
        int labels = Math.max(1, Math.min(Math.min(LABELS, limits.maxLabels()), tokens / 3));
        int prompt = Math.min(2 * labels, tokens - 1);
        return TokenRow.copyOf(
                ids, everyOther(prompt, Math.max(1, (tokens - prompt) / 2)), everyOther(Math.min(1, prompt), labels));
    }

    private static int[] everyOther(int first, int count) {
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = first + 2 * i;
        }
        return positions;
    }
}
