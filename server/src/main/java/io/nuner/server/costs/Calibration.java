package io.nuner.server.costs;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Measures an engine before it serves. One thread at a time.
 *
 * <p>Also warms up the lane it measures on, which therefore should be one that serves later.
 */
public final class Calibration {
    /** Cost of a token of an engine that could not be measured: a thousand of them take a second. */
    private static final CostTerms ASSUMED = new CostTerms(0, 0, 0, 1e6, 0);

    private final Duration budget;
    private final LongSupplier nanoClock;

    /**
     * A calibration that takes about the given time.
     *
     * @param budget once it is spent no further shape is measured; three shapes are run once in any case
     */
    public Calibration(Duration budget, LongSupplier nanoClock) {
        this.budget = budget;
        this.nanoClock = nanoClock;
    }

    /** Larger only if the engine lists its shapes and so holds their memory anyway; others would keep the memory for good. */
    private static int largestShape(InferenceEngine engine) {
        boolean listed = !engine.cells().rowLengths().isEmpty();
        return listed
                ? Math.max(ShapeGrid.DEFAULT_PADDED_TOKENS, engine.limits().maxBatchTokens())
                : ShapeGrid.DEFAULT_PADDED_TOKENS;
    }

    /**
     * Measures shapes on the lane and fits them; an engine that fails on all of them gets an assumed model.
     *
     * @throws EngineException if the engine is lost
     */
    public CostTable measure(InferenceEngine engine, EngineLane lane) throws EngineException {
        ShapeGrid grid = new ShapeGrid(engine.limits(), engine.cells(), largestShape(engine));
        BatchTimer timer = new BatchTimer(lane, new SyntheticRows(engine.limits()), nanoClock);
        CalibrationRun run = new CalibrationRun(timer, engine.cells(), budget.toNanos());
        run.measure(grid.shapes());
        List<MeasuredBatch> measured = run.measured();
        CostModel costs =
                measured.isEmpty() ? new CostModel(ASSUMED, engine.cells()) : CostFit.of(measured, engine.cells());
        return new CostTable(measured, costs, engine.limits(), run.origin());
    }
}
