package io.nuner.micro.curve;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Takes as long as a curve says, its thread parked, and scores everything low. Any thread. */
final class CurveEngine implements InferenceEngine {
    /** Far below any threshold. */
    private static final float NOTHING = -10;

    private final Curve curve;
    private final EngineLimits limits;
    private final int maxWidth;
    private final int lanes;

    CurveEngine(Curve curve, EngineLimits limits, int maxWidth, int lanes) {
        this.curve = curve;
        this.limits = limits;
        this.maxWidth = maxWidth;
        this.lanes = lanes;
    }

    @Override
    public EngineDescription description() {
        return new EngineDescription("curve", "1", "none", lanes);
    }

    @Override
    public EngineLimits limits() {
        return limits;
    }

    @Override
    public EngineLane openLane() {
        return new CurveLane();
    }

    @Override
    public void close() {
        // holds nothing
    }

    private final class CurveLane implements EngineLane {
        @Override
        public Logits run(PackedBatch batch) throws EngineException {
            long start = System.nanoTime();
            limits.check(batch);
            float[] scores = new float[batch.rowCount() * batch.mostWords() * maxWidth * batch.mostLabels()];
            Arrays.fill(scores, NOTHING);
            Logits logits = Logits.wrap(batch, maxWidth, FloatBuffer.wrap(scores));
            park(start + curve.costs().nanos(batch.rowCount(), batch.longestRow(), batch.tokenCount()));
            return logits;
        }

        private static void park(long untilNanos) throws EngineException {
            for (long left = untilNanos - System.nanoTime(); left > 0; left = untilNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw EngineException.batchFailed("the lane was interrupted");
                }
            }
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
