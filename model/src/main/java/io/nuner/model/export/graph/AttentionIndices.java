package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Axis;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;

/**
 * What the attention of every layer shares: indices into and out of the padded view, and the mask. Computed once in each
 * run of the graph. Immutable.
 *
 * <p>Sizes as in {@link GraphNames}; h heads of d values.
 */
final class AttentionIndices {
    private static final float MASKED = -1e4f; // exp of it is 0, and it stays finite in half precision

    private final Operators ops;
    private final int heads;
    private final Value padIndex;
    private final Value unpadIndex;
    private final Value rowLengths;
    private final Value longest;

    private final Value[] paddedHeads = new Value[3];
    private final Value unpaddedHeads;
    private final Value places;
    private final Value mask;

    private AttentionIndices(Operators ops, int heads) {
        this.ops = ops;
        this.heads = heads;
        GraphBuilder graph = ops.graph();
        padIndex = graph.intInput(GraphNames.PAD_INDEX, Axis.free("B"), Axis.free("S"));
        unpadIndex = graph.intInput(GraphNames.UNPAD_INDEX, Axis.free("T"));
        rowLengths = graph.intInput(GraphNames.ROW_LENGTHS, Axis.free("B"));
        graph.enter("attention");
        longest = ops.sizeScalar(padIndex, 1);
        addPaddedHeads();
        Value row = ops.divide(unpadIndex, longest);
        places = ops.subtract(unpadIndex, ops.multiply(row, longest));
        unpaddedHeads = addUnpaddedHeads(row);
        mask = addMask();
    }

    /** Adds the inputs and the nodes to a graph, in the scope {@code attention}. */
    static AttentionIndices into(Operators ops, int heads) {
        return new AttentionIndices(ops, heads);
    }

    /** The padded view's index of tokens, {@code [B, S]}. */
    Value padIndex() {
        return padIndex;
    }

    /** S, a scalar. */
    Value longest() {
        return longest;
    }

    /** The place of each token in its row, from 0 on, {@code [T]}. */
    Value places() {
        return places;
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

    private void addPaddedHeads() {
        GraphBuilder graph = ops.graph();
        Value tokens = ops.multiply(ops.unsqueeze(padIndex, 1), graph.scalar(3 * heads));
        Value queries = ops.add(tokens, headColumn());
        Value step = graph.scalar(heads);
        paddedHeads[0] = queries;
        paddedHeads[1] = ops.add(queries, step);
        paddedHeads[2] = ops.add(paddedHeads[1], step);
    }

    private Value headColumn() {
        return ops.unsqueeze(ops.graph().ints(headNumbers()), 1);
    }

    private int[] headNumbers() {
        int[] numbers = new int[heads];
        for (int head = 0; head < numbers.length; head++) {
            numbers[head] = head;
        }
        return numbers;
    }

    private Value addUnpaddedHeads(Value row) {
        GraphBuilder graph = ops.graph();
        Value firstHead = ops.multiply(row, graph.scalar(heads));
        Value allHeads = ops.add(ops.unsqueeze(firstHead, 1), graph.ints(headNumbers()));
        return ops.add(ops.multiply(allHeads, longest), ops.unsqueeze(places, 1));
    }

    private Value addMask() {
        GraphBuilder graph = ops.graph();
        Value isToken = ops.less(ops.range(longest), ops.unsqueeze(rowLengths, 1));
        Value added = ops.where(isToken, graph.scalar(0f), graph.scalar(MASKED));
        return ops.unsqueeze(added, 1, 2);
    }
}
