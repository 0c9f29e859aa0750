package io.nuner.server.costs;

import io.nuner.engine.EngineCells;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the cost terms that explain measured batches best: least squares of the relative errors, no term negative.
 *
 * <p>Deterministic. A term is admitted for each two shapes, in the order tokens, fixed, rows, steps, padded squares: with
 * fewer shapes noise would decide, and a wrong term would be far off for larger batches. Where the measured shapes cannot
 * tell terms apart, the earlier one bears the cost.
 */
final class CostFit {
    private static final int TERMS = 5;

    private CostFit() {}

    /**
     * The model of an engine that pads to {@code cells}.
     *
     * @throws IllegalArgumentException if nothing was measured
     */
    static CostModel of(List<MeasuredBatch> measured, EngineCells cells) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("a fit needs at least one measured batch");
        }
        double[][] rows = measured.stream().map(batch -> shares(batch, cells)).toArray(double[][]::new);
        long shapes = measured.stream().map(MeasuredBatch::shape).distinct().count();
        int admitted = (int) Math.min(TERMS, (shapes + 1) / 2);
        double[] terms = Arrays.copyOf(NonNegativeFit.solve(rows, admitted), TERMS);
        return new CostModel(new CostTerms(terms[1], terms[2], terms[3], terms[0], terms[4]), cells);
    }

    /** How often each term occurs in the batch, over its time. */
    private static double[] shares(MeasuredBatch batch, EngineCells cells) {
        double rows = cells.paddedRows(batch.shape().rows());
        double length = cells.paddedLength(batch.shape().longestRow());
        double nanos = batch.nanos();
        return new double[] {
            batch.shape().tokens() / nanos, 1 / nanos, rows / nanos, length / nanos, rows * length * length / nanos
        };
    }
}
