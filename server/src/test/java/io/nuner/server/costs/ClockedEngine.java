package io.nuner.server.costs;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.testing.FakeEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A fake engine whose runs take as long as a cost model says, on a clock of its own. One thread at a time. */
final class ClockedEngine {
    final FakeEngine engine = new FakeEngine(new EngineLimits(16, 512, 4096, 100), 1);
    final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000); // wraps around while it is measured
    final List<Long> runNanos = new ArrayList<>();
    final CostModel truth;
    private UnaryOperator<Long> disturbance = nanos -> nanos;

    ClockedEngine(CostTerms terms) {
        truth = new CostModel(terms, EngineCells.ANY);
        engine.onRun(this::pass);
    }

    /** From now on, each run takes what this makes of the time it should take. */
    void disturb(UnaryOperator<Long> newDisturbance) {
        disturbance = newDisturbance;
    }

    /** Lets as much time pass as the batch costs. */
    void pass(PackedBatch batch) {
        long nanos = disturbance.apply(truth.nanos(batch.rowCount(), batch.longestRow(), batch.tokenCount()));
        runNanos.add(nanos);
        clock.addAndGet(nanos);
    }

    CostTable calibrate(Duration budget) throws EngineException {
        try (EngineLane lane = engine.openLane()) {
            return new Calibration(budget, clock::get).measure(engine, lane);
        }
    }

    long spentNanos() {
        return runNanos.stream().mapToLong(Long::longValue).sum();
    }
}
