package io.nuner.server.costs;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One walk over the shapes, within its budget of time. One thread at a time.
 *
 * <p>Goes round several times instead of repeating each shape at once, so that a short disturbance hits one run of many
 * shapes and not all runs of one.
 */
final class CalibrationRun {
    private static final int AT_LEAST = 3;
    /** An engine may take its first two runs of a size to prepare for it; three more are a majority. */
    private static final int ROUNDS = 5;

    private static final int WARM_UP_RUNS = 10;

    /** Share of the budget for warming up. */
    private static final double WARM_UP_SHARE = 0.1;

    /** Share of the budget after which no further shape begins: the rest is enough to run each shape once more. */
    private static final double FIRST_ROUND_SHARE = 0.5;

    private final BatchTimer timer;
    private final EngineCells cells;
    private final long budgetNanos;
    private final long startNanos;
    private final List<Samples> samples = new ArrayList<>();
    private int tried;
    private int failedRuns;
    private String failure = "";

    CalibrationRun(BatchTimer timer, EngineCells cells, long budgetNanos) {
        this.timer = timer;
        this.cells = cells;
        this.budgetNanos = budgetNanos;
        startNanos = timer.now();
    }

    /** What was measured so far, in the order of the shapes. */
    List<MeasuredBatch> measured() {
        return samples.stream().map(Samples::median).toList();
    }

    /** In words, what was measured and what was not. */
    String origin() {
        String what = samples.isEmpty() ? "assumed, since no batch could be measured" : "measured at start";
        return failedRuns == 0 ? what : what + "; " + failedRuns + " runs failed, the last one so: " + failure;
    }

    /**
     * Measures the shapes in their order, those for which there is time.
     *
     * @throws EngineException if the engine is lost
     */
    void measure(List<BatchShape> shapes) throws EngineException {
        warmUp(shapes.get(0));
        for (BatchShape shape : shapes) {
            if (tried < AT_LEAST || isAffordable(shape, FIRST_ROUND_SHARE)) {
                tried++;
                measureFirst(new Samples(shape));
            }
        }
        for (int round = 2; round <= ROUNDS; round++) {
            for (Samples known : samples) {
                measureAgain(known);
            }
        }
    }

    private void warmUp(BatchShape shape) throws EngineException {
        for (int run = 0; run == 0 || (run < WARM_UP_RUNS && leftNanos(WARM_UP_SHARE) > 0); run++) {
            run(new Samples(shape));
        }
    }

    private void measureFirst(Samples first) throws EngineException {
        if (run(first)) {
            samples.add(first);
        }
    }

    private void measureAgain(Samples known) throws EngineException {
        if (isAffordable(known.shape, 1)) {
            run(known);
        }
    }

    /** Runs the shape once; false if that failed. */
    private boolean run(Samples runs) throws EngineException {
        try {
            runs.add(timer.runNanos(runs.shape));
            return true;
        } catch (EngineException e) {
            if (e.isFatal()) {
                throw e;
            }
            failedRuns++;
            failure = String.valueOf(e.getMessage());
            return false;
        }
    }

    /** True if a run fits a share of the budget, by what was measured so far. */
    private boolean isAffordable(BatchShape shape, double share) {
        long left = leftNanos(share);
        if (left <= 0 || samples.isEmpty()) {
            return left > 0;
        }
        CostModel known = CostFit.of(measured(), cells);
        return known.nanos(shape.rows(), shape.longestRow(), shape.tokens()) <= left;
    }

    private long leftNanos(double share) {
        return (long) (budgetNanos * share) - (timer.now() - startNanos);
    }

    /** The runs of one shape. */
    private static final class Samples {
        private final BatchShape shape;
        private final List<Long> nanos = new ArrayList<>();

        private Samples(BatchShape shape) {
            this.shape = shape;
        }

        private void add(long runNanos) {
            nanos.add(runNanos);
            Collections.sort(nanos);
        }

        /** The median, of two the shorter: what disturbs a run makes it longer. Needs a sample. */
        private MeasuredBatch median() {
            return new MeasuredBatch(shape, nanos.get((nanos.size() - 1) / 2));
        }
    }
}
