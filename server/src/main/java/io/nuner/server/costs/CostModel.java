package io.nuner.server.costs;

import io.nuner.engine.EngineCells;

/**
 * How long a batch takes. Immutable.
 *
 * @param terms nanoseconds by what a batch holds
 * @param cells the shapes to which the engine pads it
 */
public record CostModel(CostTerms terms, EngineCells cells) {
    /**
     * Nanoseconds of a batch, at least 1; never fewer for a batch that is larger in any way. Allocates nothing.
     *
     * <p>Attention sees rows and longest row as the engine pads them; other layers run on the tokens there are.
     */
    public long nanos(int rows, int longestRow, int tokens) {
        double paddedRows = cells.paddedRows(rows);
        double paddedLength = cells.paddedLength(longestRow);
        double nanos = terms.fixed()
                + terms.perRow() * paddedRows
                + terms.perStep() * paddedLength
                + terms.perToken() * tokens
                + terms.perPaddedSquare() * paddedRows * paddedLength * paddedLength;
        return Math.max(1, (long) nanos); // the cast saturates
    }

    /** What another row adds if it is not longer than the others and the engine pads no rows. Allocates nothing. */
    public double rowNanos(int longestRow, int tokens) {
        double paddedLength = cells.paddedLength(longestRow);
        return terms.perRow() + terms.perToken() * tokens + terms.perPaddedSquare() * paddedLength * paddedLength;
    }
}
