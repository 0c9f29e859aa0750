package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.export.checkpoint.EncoderConfig;
import io.nuner.model.export.onnx.Axis;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Value;

/**
 * What the attention of every layer shares: indices into and out of the padded view, the mask, and which relative
 * positions the longest row needs. Computed once in each run of the graph. Immutable.
 *
 * <p>Sizes as in {@link GraphNames}; h heads of d values, R relative positions in use.
 */
final class AttentionPlan {
    private static final float MASKED = -1e4f; // exp of it is 0, and it stays finite in half precision
    private static final int ROUNDING = 8; // tensor cores want multiples of 8

    private final Operators ops;
    private final EncoderConfig config;
    private final Value padIndex;
    private final Value unpadIndex;
    private final Value rowLengths;
    private final Value longest;

    private final Value[] paddedHeads = new Value[3];
    private final Value unpaddedHeads;
    private final Value mask;
    private final Value firstPosition;
    private final Value endPosition;
    private final Value[] positionIndices;

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
        Value reach = planReach(table, positions);
        Value start = ops.subtract(graph.scalar(positions.buckets()), reach);
        firstPosition = ops.toInt64(ops.unsqueeze(start, 0));
        endPosition = ops.toInt64(ops.unsqueeze(ops.add(graph.scalar(positions.buckets()), reach), 0));
        positionIndices = planPositionIndices(table, positions, start, ops.add(reach, reach));
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

    /** The R positions in use, out of a table {@code [h, d, all]}. */
    Value usedPositions(Value table) {
        return ops.slice(table, firstPosition, endPosition, 2);
    }

    /** Index {@code [S, S]} into {@code S * R} products of queries with positions. */
    Value queryPositions() {
        return positionIndices[0];
    }

    /** Index {@code [S, S]} into {@code S * R} products of keys with positions; it also transposes. */
    Value keyPositions() {
        return positionIndices[1];
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

    /** How far from the middle of the table the longest distance lies, rounded up. */
    private Value planReach(Value table, RelativePositions positions) {
        GraphBuilder graph = ops.graph();
        Value farthest = ops.min(ops.subtract(longest, graph.scalar(1)), graph.scalar(positions.maxDistance()));
        Value row = ops.gather(table, ops.add(farthest, graph.scalar(positions.maxDistance())), 0);
        Value steps = ops.divide(ops.add(row, graph.scalar(ROUNDING - positions.buckets())), graph.scalar(ROUNDING));
        return ops.multiply(steps, graph.scalar(ROUNDING));
    }

    private Value[] planPositionIndices(Value table, RelativePositions positions, Value start, Value used) {
        GraphBuilder graph = ops.graph();
        Value places = ops.range(longest);
        Value column = ops.unsqueeze(places, 1);
        Value limit = graph.scalar(positions.maxDistance());
        Value distance = ops.subtract(column, places);
        Value clamped = ops.max(ops.min(distance, limit), graph.scalar(-positions.maxDistance()));
        Value position = ops.subtract(ops.gather(table, ops.add(clamped, limit), 0), start);
        Value query = ops.add(ops.multiply(column, used), position);
        Value key = ops.add(ops.multiply(places, used), position);
        return new Value[] {query, key};
    }
}
