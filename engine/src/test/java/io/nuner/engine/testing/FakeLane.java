package io.nuner.engine.testing;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lane of a {@link FakeEngine}. One thread at a time, and it checks that. */
final class FakeLane implements EngineLane {
    private final FakeEngine engine;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private float[] scores = new float[0];

    FakeLane(FakeEngine engine) {
        this.engine = engine;
    }

    @Override
    public Logits run(PackedBatch batch) throws EngineException {
        engine.limits().check(batch);
        if (closed.get() || !running.compareAndSet(false, true)) {
            throw new IllegalStateException("a lane must be open and is run by one thread at a time");
        }
        try {
            engine.started(batch);
            return engine.output().afterRun(score(batch));
        } finally {
            running.set(false);
        }
    }

    private Logits score(PackedBatch batch) throws EngineException {
        Arrays.fill(scores, Float.NaN); // logits of the run before end here
        int rowSize = batch.mostWords() * engine.maxWidth() * batch.mostLabels();
        scores = new float[batch.rowCount() * rowSize];
        Arrays.fill(scores, Float.NaN);
        for (int row = 0; row < batch.rowCount(); row++) {
            scoreRow(batch.rows().get(row), row * rowSize, batch.mostLabels());
        }
        return Logits.wrap(batch, engine.maxWidth(), FloatBuffer.wrap(scores));
    }

    private void scoreRow(TokenRow row, int offset, int mostLabels) {
        for (int start = 0; start < row.wordCount(); start++) {
            int widths = Math.min(engine.maxWidth(), row.wordCount() - start);
            for (int span = 0; span < widths * row.labelCount(); span++) {
                int width = span / row.labelCount();
                int label = span % row.labelCount();
                int place = offset + (start * engine.maxWidth() + width) * mostLabels + label;
                scores[place] = engine.scoring().score(row, start, width, label);
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.laneClosed();
        }
    }
}
