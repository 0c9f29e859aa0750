package io.nuner.server.costs;

import io.nuner.engine.EngineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is known of an engine's latency: what was measured, and the model that was fitted to it. Immutable.
 *
 * @param measured batches that were measured, in the order they ran; may be empty
 * @param costs how long a batch takes
 * @param limits what one batch may hold
 * @param origin where this comes from, for the printed table
 */
public record CostTable(List<MeasuredBatch> measured, CostModel costs, EngineLimits limits, String origin) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    public CostTable {
        measured = List.copyOf(measured);
    }

    /** A table without measured batches. */
    public static CostTable assumed(CostModel costs, EngineLimits limits) {
        return new CostTable(List.of(), costs, limits, "assumed");
    }

    /** How long the model says that a measured batch takes. */
    public long fittedNanos(MeasuredBatch batch) {
        BatchShape shape = batch.shape();
        return costs.nanos(shape.rows(), shape.longestRow(), shape.tokens());
    }

    /** The error of the model as a part of the measured time: 0.1 is ten percent too long. */
    public double error(MeasuredBatch batch) {
        return (double) (fittedNanos(batch) - batch.nanos()) / batch.nanos();
    }

    /** The middle one of the errors' sizes; 0 if nothing was measured. */
    public double medianError() {
        double[] errors = errorSizes();
        return errors.length == 0 ? 0 : errors[errors.length / 2];
    }

    /** The largest of the errors' sizes; 0 if nothing was measured. */
    public double worstError() {
        double[] errors = errorSizes();
        return errors.length == 0 ? 0 : errors[errors.length - 1];
    }

    private double[] errorSizes() {
        return measured.stream()
                .mapToDouble(batch -> Math.abs(error(batch)))
                .sorted()
                .toArray();
    }

    /** The printed table: its origin, a line for each measured batch, the terms. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("batch costs: " + origin);
        if (!measured.isEmpty()) {
            lines.add("  rows  longest   tokens  measured ms    fitted ms  error %  tokens/ms");
            measured.forEach(batch -> lines.add(line(batch)));
            lines.add(String.format(
                    Locale.ROOT, "  error: median %.1f %%, worst %.1f %%", 100 * medianError(), 100 * worstError()));
        }
        CostTerms terms = costs.terms();
        lines.add(String.format(
                Locale.ROOT,
                "  microseconds: %.1f + %.2f a row + %.3f a step + %.3f a token + %.6f a padded square",
                terms.fixed() / NANOS_PER_MICRO,
                terms.perRow() / NANOS_PER_MICRO,
                terms.perStep() / NANOS_PER_MICRO,
                terms.perToken() / NANOS_PER_MICRO,
                terms.perPaddedSquare() / NANOS_PER_MICRO));
        return lines;
    }

    private String line(MeasuredBatch batch) {
        BatchShape shape = batch.shape();
        double millis = batch.nanos() / NANOS_PER_MILLI;
        return String.format(
                Locale.ROOT,
                "%6d %8d %8d %12.3f %12.3f %8.1f %10.2f",
                shape.rows(),
                shape.longestRow(),
                shape.tokens(),
                millis,
                fittedNanos(batch) / NANOS_PER_MILLI,
                100 * error(batch),
                shape.tokens() / millis);
    }
}
