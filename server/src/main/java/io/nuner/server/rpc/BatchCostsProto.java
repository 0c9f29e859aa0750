package io.nuner.server.rpc;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineLimits;
import io.nuner.server.costs.BatchShape;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.costs.MeasuredBatch;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.Limits;
import java.util.List;

/** Batch costs on the wire: a {@link CostTable} as {@code GetServerInfo} tells it, and back. */
public final class BatchCostsProto {
    private static final String ORIGIN = "as the server told";

    private BatchCostsProto() {}

    /** The message; its drift is 1. */
    public static BatchCosts of(CostTable table) {
        CostModel costs = table.costs();
        return BatchCosts.newBuilder()
                .addAllMeasured(table.measured().stream()
                        .map(batch -> measured(batch, table.fittedNanos(batch)))
                        .toList())
                .setTerms(terms(costs.terms()))
                .addAllRowLengths(costs.cells().rowLengths())
                .addAllRowCounts(costs.cells().rowCounts())
                .setDrift(1)
                .setMaxRows(table.limits().maxRows())
                .setMaxPaddedTokens(table.limits().maxBatchTokens())
                .build();
    }

    private static io.nuner.v1.MeasuredBatch measured(MeasuredBatch batch, long fittedNanos) {
        return io.nuner.v1.MeasuredBatch.newBuilder()
                .setRows(batch.shape().rows())
                .setLongestRow(batch.shape().longestRow())
                .setTokens(batch.shape().tokens())
                .setMeasuredNanos(batch.nanos())
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
     * @param limits of the same answer, for the longest row
     * @throws IllegalArgumentException naming what is wrong, if no NuNER server can have sent this
     */
    public static CostTable table(BatchCosts costs, Limits limits) {
        EngineCells cells = EngineCells.copyOf(costs.getRowLengthsList(), costs.getRowCountsList());
        List<MeasuredBatch> measured =
                costs.getMeasuredList().stream().map(BatchCostsProto::batch).toList();
        EngineLimits engineLimits = new EngineLimits(
                costs.getMaxRows(), limits.getMaxTokens(), costs.getMaxPaddedTokens(), limits.getMaxLabels());
        return new CostTable(measured, new CostModel(terms(costs.getTerms()), cells), engineLimits, ORIGIN);
    }

    private static MeasuredBatch batch(io.nuner.v1.MeasuredBatch batch) {
        BatchShape shape = new BatchShape(batch.getRows(), batch.getLongestRow(), batch.getTokens());
        return new MeasuredBatch(shape, batch.getMeasuredNanos());
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
