package io.nuner.model.export.graph;

import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;

/**
 * How products with relative positions become scores. Computed once in each run of the graph. Immutable.
 *
 * <p>A product with a relative position belongs to a pair of places i and j that are a certain distance apart. The rows
 * of the position tables are taken in the order of that distance, so that the wanted column moves by one from each row
 * to the next. Reading the same values in rows that are one shorter undoes the move: two copies of whole runs, where an
 * index would fetch single values (measured on ONNX Runtime: docs/adr/0005).
 */
final class DistanceColumns {
    private final Operators ops;
    private final RelativePositions positions;
    private final Value ofQueries;
    private final Value ofKeys;
    private final Value runStart;
    private final Value runEnd;
    private final Value runShape;
    private final Value width;

    private DistanceColumns(Operators ops, AttentionIndices indices, RelativePositions positions) {
        this.ops = ops;
        this.positions = positions;
        GraphBuilder graph = ops.graph();
        Value table = graph.ints(positions.table());
        Value columns = ops.range(ops.add(indices.longest(), indices.longest()));
        Value last = ops.subtract(indices.longest(), graph.scalar(1));
        ofQueries = rows(table, ops.subtract(last, columns));
        ofKeys = rows(table, ops.subtract(columns, last));

        width = ops.size(indices.padIndex(), 1);
        Value one = graph.longs(1);
        Value shorter = ops.subtract(ops.add(width, width), one);
        runStart = ops.subtract(width, one);
        runEnd = ops.add(runStart, ops.multiply(width, shorter));
        runShape = ops.concat(0, graph.longs(0, 0), width, shorter);
    }

    /** Adds its nodes to the graph, in the scope of the indices. */
    static DistanceColumns into(Operators ops, AttentionIndices indices, RelativePositions positions) {
        return new DistanceColumns(ops, indices, positions);
    }

    /** Rows of the key positions table, {@code [2S]}: column c belongs to the distance S - 1 - c. */
    Value ofQueries() {
        return ofQueries;
    }

    /** Rows of the query positions table, {@code [2S]}: column c belongs to the distance c - (S - 1). */
    Value ofKeys() {
        return ofKeys;
    }

    /**
     * Products with the 2S rows above, {@code [B, h, S, 2S]}, to {@code [B, h, S, S]}: column j of row i is column
     * j - i + S - 1 of the input.
     */
    Value align(Value products) {
        Value run = ops.slice(ops.reshape(products, 0, 0, -1), runStart, runEnd, 2);
        return ops.slice(ops.reshape(run, runShape), ops.graph().longs(0), width, 3);
    }

    private Value rows(Value table, Value distances) {
        GraphBuilder graph = ops.graph();
        Value limit = graph.scalar(positions.maxDistance());
        Value clamped = ops.max(ops.min(distances, limit), graph.scalar(-positions.maxDistance()));
        return ops.gather(table, ops.add(clamped, limit), 0);
    }
}
