package io.nuner.server.costs;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import java.util.function.LongSupplier;

/** Measures how long a borrowed lane runs batches of a given shape. One thread at a time. */
final class BatchTimer {
    private final EngineLane lane;
    private final SyntheticRows rows;
    private final LongSupplier nanoClock;

    BatchTimer(EngineLane lane, SyntheticRows rows, LongSupplier nanoClock) {
        this.lane = lane;
        this.rows = rows;
        this.nanoClock = nanoClock;
    }

    /** A reading of the clock. */
    long now() {
        return nanoClock.getAsLong();
    }

    /**
     * How long one run takes, at least 1.
     *
     * @throws EngineException if it failed, by whatever the engine threw
     */
    long runNanos(BatchShape shape) throws EngineException {
        PackedBatch batch = rows.batch(shape);
        long start = now();
        try {
            lane.run(batch);
        } catch (EngineException e) {
            throw e;
        } catch (Throwable e) {
            throw EngineException.batchFailed("the engine threw " + e.getClass().getSimpleName(), e);
        }
        return Math.max(1, now() - start);
    }
}
