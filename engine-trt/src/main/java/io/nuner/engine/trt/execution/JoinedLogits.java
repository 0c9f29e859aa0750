package io.nuner.engine.trt.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import java.nio.FloatBuffer;

/** The scores of a batch that ran in parts, put together as if it had run at once. One thread at a time. */
final class JoinedLogits {
    private final PackedBatch batch;
    private final int maxWidth;
    private final float[] scores;

    JoinedLogits(PackedBatch batch, int maxWidth) {
        this.batch = batch;
        this.maxWidth = maxWidth;
        long size = Math.multiplyFull(batch.rowCount(), batch.mostWords()) * maxWidth * batch.mostLabels();
        scores = new float[Math.toIntExact(size)];
    }

    /** Copies the scores of some rows, the first of which is row {@code from} of the whole batch. */
    void put(int from, Logits part) throws EngineException {
        for (int row = 0; row < part.batch().rowCount(); row++) {
            put(batch.rows().get(from + row), from + row, part.takeRow(row));
        }
    }

    private void put(TokenRow shape, int row, RowLogits taken) {
        int rowStart = row * batch.mostWords() * maxWidth * batch.mostLabels();
        for (int span = 0; span < shape.wordCount() * maxWidth; span++) {
            int start = rowStart + span * batch.mostLabels();
            for (int label = 0; label < shape.labelCount(); label++) {
                scores[start + label] = taken.at(span / maxWidth, span % maxWidth, label);
            }
        }
    }

    /** All of them. */
    Logits logits() throws EngineException {
        return Logits.wrap(batch, maxWidth, FloatBuffer.wrap(scores));
    }
}
