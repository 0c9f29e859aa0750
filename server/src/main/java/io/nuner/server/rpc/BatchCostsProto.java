package io.nuner.server.rpc;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.cells.BatchShape;
import io.nuner.server.cells.CellTable;
import io.nuner.server.cells.CostModel;
import io.nuner.server.cells.CostTerms;
import io.nuner.server.cells.MeasuredCell;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.Limits;
import io.nuner.v1.MeasuredBatch;
import java.util.List;

/** Batch costs on the wire: a {@link CellTable} as {@code GetServerInfo} tells it, and back. */
public final class BatchCostsProto {
    private static final String ORIGIN = "as the server told";

    private BatchCostsProto() {}

    /** The message; its drift is 1. */
    public static BatchCosts of(CellTable table) {
        CostModel costs = table.costs();
        return BatchCosts.newBuilder()
                .addAllMeasured(table.measured().stream()
                        .map(cell -> measured(cell, table.fittedNanos(cell)))
                        .toList())
                .setTerms(terms(costs.terms()))
                .addAllRowLengths(costs.cells().rowLengths())
                .addAllRowCounts(costs.cells().rowCounts())
                .setDrift(1)
                .setMaxRows(table.limits().maxRows())
                .setMaxPaddedTokens(table.limits().maxBatchTokens())
                .build();
    }

    private static MeasuredBatch measured(MeasuredCell cell, long fittedNanos) {
        return MeasuredBatch.newBuilder()
                .setRows(cell.shape().rows())
                .setLongestRow(cell.shape().longestRow())
                .setTokens(cell.shape().tokens())
                .setMeasuredNanos(cell.nanos())
                .setFittedNanos(fittedNanos)
                .build();
    }

    private static io.nuner.v1.CostTerms terms(CostTerms terms) {
        return io.nuner.v1.CostTerms.newBuilder()
                .setFixed(terms.fixed())
                .setPerRow(terms.perRow())
                .setPerStep(terms.perStep())
                .setPerToken(terms.perToken())
                .setPerPaddedSquare(terms.perPaddedSquare())
                .build();
    }

    /**
     * The table of a server; drift is not part of it.
     *
     * @param limits of the same answer: they say how long a row may be
     * @throws IllegalArgumentException naming what is wrong, if no server of ours can have sent this
     */
    public static CellTable table(BatchCosts costs, Limits limits) {
        EngineCells cells = EngineCells.copyOf(costs.getRowLengthsList(), costs.getRowCountsList());
        List<MeasuredCell> measured =
                costs.getMeasuredList().stream().map(BatchCostsProto::cell).toList();
        EngineLimits engineLimits = new EngineLimits(
                costs.getMaxRows(), limits.getMaxTokens(), costs.getMaxPaddedTokens(), limits.getMaxLabels());
        return new CellTable(measured, new CostModel(terms(costs.getTerms()), cells), engineLimits, ORIGIN);
    }

    private static MeasuredCell cell(MeasuredBatch batch) {
        BatchShape shape = new BatchShape(batch.getRows(), batch.getLongestRow(), batch.getTokens());
        return new MeasuredCell(shape, batch.getMeasuredNanos());
    }

    private static CostTerms terms(io.nuner.v1.CostTerms terms) {
        return new CostTerms(
                terms.getFixed(),
                terms.getPerRow(),
                terms.getPerStep(),
                terms.getPerToken(),
                terms.getPerPaddedSquare());
    }
}
