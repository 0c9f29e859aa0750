package io.nuner.engine;

import java.nio.FloatBuffer;

/**
 * Scores of one batch, padded to {@code [B, W, K, C]} in row-major order: rows, words, widths, labels.
 *
 * <p>Ownership: the lane's, and valid until its next run. Take a row out with {@link #takeRow} before that. One thread
 * at a time.
 */
public final class Logits {
    private final PackedBatch batch;
    private final int maxWidth;
    private final FloatBuffer scores;

    private Logits(PackedBatch batch, int maxWidth, FloatBuffer scores) {
        this.batch = batch;
        this.maxWidth = maxWidth;
        this.scores = scores;
    }

    /**
     * Wraps an engine's output without copying it.
     *
     * @param scores exactly B * W * K * C values from position 0 on
     * @throws EngineException if the number of values does not fit the batch
     */
    public static Logits wrap(PackedBatch batch, int maxWidth, FloatBuffer scores) throws EngineException {
        long expected = (long) batch.rowCount() * batch.mostWords() * maxWidth * batch.mostLabels();
        if (scores.limit() != expected) {
            throw EngineException.batchFailed(
                    "the engine returned " + scores.limit() + " logits, expected " + expected);
        }
        return new Logits(batch, maxWidth, scores);
    }

    /** The batch these scores belong to. */
    public PackedBatch batch() {
        return batch;
    }

    /** Widths scored for each start word, called K in shapes. */
    public int maxWidth() {
        return maxWidth;
    }

    /**
     * Copies the scores of one row; the copy belongs to the caller.
     *
     * @throws EngineException if a score of a span inside the text is NaN or infinite
     */
    public RowLogits takeRow(int row) throws EngineException {
        TokenRow shape = batch.rows().get(row);
        int words = shape.wordCount();
        int labels = shape.labelCount();
        float[] taken = new float[words * maxWidth * labels];
        int rowStart = row * batch.mostWords() * maxWidth * batch.mostLabels();
        for (int span = 0; span < words * maxWidth; span++) {
            scores.get(rowStart + span * batch.mostLabels(), taken, span * labels, labels);
        }
        RowLogits result = RowLogits.wrap(words, maxWidth, labels, taken);
        if (!result.isFinite()) {
            throw EngineException.batchFailed("the engine returned NaN or infinite logits");
        }
        return result;
    }
}
