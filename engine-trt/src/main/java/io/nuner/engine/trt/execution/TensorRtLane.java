package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchLayout;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.trt.device.DeviceException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One slot in use. One thread at a time.
 *
 * <p>A batch that no profile holds, or for which the GPU has no memory, runs in halves.
 */
final class TensorRtLane implements EngineLane {
    private final Slot slot;
    private final Slot.Frame frame;
    private final Runnable giveBack;
    /** Not a plain flag: a hung lane counts as closed before its thread returns. */
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A lane on a slot.
     *
     * @param giveBack run once, when the lane is closed
     */
    TensorRtLane(Slot slot, Slot.Frame frame, Runnable giveBack) {
        this.slot = slot;
        this.frame = frame;
        this.giveBack = giveBack;
    }

    @Override
    public Logits run(PackedBatch batch) throws EngineException {
        frame.profiles().limits().check(batch);
        if (closed.get()) {
            throw new IllegalStateException("the lane is closed");
        }
        return runWhole(batch);
    }

    private Logits runWhole(PackedBatch batch) throws EngineException {
        BatchLayout layout = BatchLayout.of(batch);
        Optional<Route> route = Route.of(layout, frame.profiles());
        if (route.isEmpty()) {
            return runHalves(
                    batch, EngineException.batchFailed("the text has more words than an optimization profile"));
        }
        try {
            return Logits.wrap(batch, frame.model().maxWidth(), slot.run(layout, route.get()));
        } catch (DeviceException e) {
            EngineException failure = DeviceFailures.whileRunning(e);
            if (e.isOutOfMemory()) {
                return runHalves(batch, failure);
            }
            throw failure;
        }
    }

    private Logits runHalves(PackedBatch batch, EngineException reason) throws EngineException {
        int rows = batch.rowCount();
        if (rows == 1) {
            throw reason;
        }
        JoinedLogits joined = new JoinedLogits(batch, frame.model().maxWidth());
        joined.put(0, runWhole(PackedBatch.of(batch.rows().subList(0, rows / 2))));
        joined.put(rows / 2, runWhole(PackedBatch.of(batch.rows().subList(rows / 2, rows))));
        return joined.logits();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
