package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.export.checkpoint.EncoderConfig;
import io.nuner.model.export.onnx.Axis;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Value;

/**
 * What the attention of every layer shares: indices into and out of the padded view, the mask, and how products with
 * relative positions become scores. Computed once in each run of the graph. Immutable.
 *
 * <p>Sizes as in {@link GraphNames}; h heads of d values.
 *
 * <p>A product with a relative position belongs to a pair of places i and j that are a certain distance apart. The rows
 * of the position tables are taken in the order of that distance, so that the wanted column moves by one from each row
 * to the next. Reading the same values in rows that are one shorter undoes the move: two copies of whole runs, where an
 * index would fetch single values (measured on ONNX Runtime: docs/adr/0003).
 */
final class AttentionPlan {
    private static final float MASKED = -1e4f; // exp of it is 0, and it stays finite in half precision

    private final Operators ops;
    private final EncoderConfig config;
    private final Value padIndex;
    private final Value unpadIndex;
    private final Value rowLengths;
    private final Value longest;

    private final Value[] paddedHeads = new Value[3];
    private final Value unpaddedHeads;
    private final Value mask;
    private final Value queryRows;
    private final Value keyRows;
    private final Value runStart;
    private final Value runEnd;
    private final Value runShape;
    private final Value places;

    AttentionPlan(Operators ops, EncoderConfig config) {
        this.ops = ops;
        this.config = config;
        GraphBuilder graph = ops.graph();
        padIndex = graph.intInput(GraphNames.PAD_INDEX, Axis.free("B"), Axis.free("S"));
        unpadIndex = graph.intInput(GraphNames.UNPAD_INDEX, Axis.free("T"));
        rowLengths = graph.intInput(GraphNames.ROW_LENGTHS, Axis.free("B"));
        graph.enter("attention");
        longest = ops.sizeScalar(padIndex, 1);
        planPaddedHeads();
        unpaddedHeads = planUnpaddedHeads();
        mask = planMask();

        RelativePositions positions = new RelativePositions(config.positionBuckets(), config.maxPositions());
        Value table = graph.ints(positions.table());
        Value columns = ops.range(ops.add(longest, longest));
        Value last = ops.subtract(longest, graph.scalar(1));
        queryRows = planRows(table, positions, ops.subtract(last, columns));
        keyRows = planRows(table, positions, ops.subtract(columns, last));

        places = ops.size(padIndex, 1);
        Value one = graph.longs(1);
        Value width = ops.subtract(ops.add(places, places), one);
        runStart = ops.subtract(places, one);
        runEnd = ops.add(runStart, ops.multiply(places, width));
        runShape = ops.concat(0, graph.longs(0, 0), places, width);
    }

    /**
     * Index into {@code [T * 3 * h, d]} of each padded place {@code [B, h, S]}.
     *
     * @param part 0 query, 1 key, 2 value
     */
    Value paddedHeads(int part) {
        return paddedHeads[part];
    }

    /** Index into {@code [B * h * S, d]} of each head of each token, {@code [T, h]}. */
    Value unpaddedHeads() {
        return unpaddedHeads;
    }

    /** Added to the scores: 0 for tokens, {@value #MASKED} for padding; {@code [B, 1, 1, S]}. */
    Value mask() {
        return mask;
    }

    /** Rows of the key positions table, {@code [2S]}: column c belongs to the distance S - 1 - c. */
    Value queryRows() {
        return queryRows;
    }

    /** Rows of the query positions table, {@code [2S]}: column c belongs to the distance c - (S - 1). */
    Value keyRows() {
        return keyRows;
    }

    /**
     * Products with the 2S rows above, {@code [B, h, S, 2S]}, to {@code [B, h, S, S]}: column j of row i is column
     * j - i + S - 1 of the input.
     */
    Value align(Value products) {
        Value run = ops.slice(ops.reshape(products, 0, 0, -1), runStart, runEnd, 2);
        return ops.slice(ops.reshape(run, runShape), ops.graph().longs(0), places, 3);
    }

    private void planPaddedHeads() {
        GraphBuilder graph = ops.graph();
        Value tokens = ops.multiply(ops.unsqueeze(padIndex, 1), graph.scalar(3 * config.heads()));
        Value queries = ops.add(tokens, headColumn());
        Value heads = graph.scalar(config.heads());
        paddedHeads[0] = queries;
        paddedHeads[1] = ops.add(queries, heads);
        paddedHeads[2] = ops.add(paddedHeads[1], heads);
    }

    private Value headColumn() {
        return ops.unsqueeze(ops.graph().ints(headNumbers()), 1);
    }

    private int[] headNumbers() {
        int[] numbers = new int[config.heads()];
        for (int head = 0; head < numbers.length; head++) {
            numbers[head] = head;
        }
        return numbers;
    }

    private Value planUnpaddedHeads() {
        GraphBuilder graph = ops.graph();
        Value row = ops.divide(unpadIndex, longest);
        Value position = ops.subtract(unpadIndex, ops.multiply(row, longest));
        Value firstHead = ops.multiply(row, graph.scalar(config.heads()));
        Value heads = ops.add(ops.unsqueeze(firstHead, 1), graph.ints(headNumbers()));
        return ops.add(ops.multiply(heads, longest), ops.unsqueeze(position, 1));
    }

    private Value planMask() {
        GraphBuilder graph = ops.graph();
        Value isToken = ops.less(ops.range(longest), ops.unsqueeze(rowLengths, 1));
        Value added = ops.where(isToken, graph.scalar(0f), graph.scalar(MASKED));
        return ops.unsqueeze(added, 1, 2);
    }

    private Value planRows(Value table, RelativePositions positions, Value distances) {
        GraphBuilder graph = ops.graph();
        Value limit = graph.scalar(positions.maxDistance());
        Value clamped = ops.max(ops.min(distances, limit), graph.scalar(-positions.maxDistance()));
        return ops.gather(table, ops.add(clamped, limit), 0);
    }
}
