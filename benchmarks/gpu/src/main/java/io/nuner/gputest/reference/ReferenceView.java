package io.nuner.gputest.reference;

import io.nuner.gputest.measure.Flops;
import io.nuner.model.export.checkpoint.config.DebertaConfig;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;

/**
 * What the attention of every layer reads beside the tokens: sizes of the batch, which pairs are masked, which relative
 * position each pair has. Computed once in each run of the graph. Immutable.
 *
 * <p>B rows of S places, h heads of d values.
 */
final class ReferenceView {
    private final Operators ops;
    private final DebertaConfig config;
    private final Value rows;
    private final Value length;
    private final Value masked;
    private final Value ofKeys;
    private final Value ofQueries;

    /**
     * A view of a batch.
     *
     * @param mask 1 for tokens, 0 for padding, {@code [B, S]}
     */
    ReferenceView(Operators ops, DebertaConfig config, Value mask) {
        this.ops = ops;
        this.config = config;
        GraphBuilder graph = ops.graph();
        graph.enter("attention");
        rows = ops.size(mask, 0);
        length = ops.size(mask, 1);
        masked = ops.less(ops.multiply(ops.unsqueeze(mask, 1, 2), ops.unsqueeze(mask, 1, 3)), graph.scalar(1));
        Value buckets = buckets(ops.range(ops.sizeScalar(mask, 1)));
        Value middle = graph.scalar(config.positionBuckets());
        ofKeys = clamped(ops.add(buckets, middle));
        ofQueries = clamped(ops.subtract(middle, buckets));
    }

    /** Bucket of the distance of each pair, {@code [S, S]}; from a table, where the reference takes logarithms. */
    private Value buckets(Value places) {
        GraphBuilder graph = ops.graph();
        int most = config.maxPositions();
        Value distance = ops.subtract(ops.unsqueeze(places, 1), ops.unsqueeze(places, 0));
        Value shifted = ops.add(distance, graph.scalar(most));
        Value inside = ops.min(ops.max(shifted, graph.scalar(0)), graph.scalar(2 * most));
        return ops.gather(graph.ints(table(most)), inside, 0);
    }

    private int[] table(int most) {
        var shape = config.shape();
        Flops arithmetic =
                new Flops(shape.layers(), shape.hiddenSize(), shape.intermediateSize(), config.positionBuckets(), most);
        int[] table = new int[2 * most + 1];
        for (int distance = 0; distance <= most; distance++) {
            table[most + distance] = arithmetic.bucket(distance);
            table[most - distance] = -table[most + distance];
        }
        return table;
    }

    private Value clamped(Value row) {
        GraphBuilder graph = ops.graph();
        return ops.min(ops.max(row, graph.scalar(0)), graph.scalar(2 * config.positionBuckets() - 1));
    }

    /** True where a token or its partner is padding, {@code [B, 1, S, S]}. */
    Value masked() {
        return masked;
    }

    /** Row of the position keys for each query and key, one copy for each head of each row: {@code [B * h, S, S]}. */
    Value rowsOfKeys() {
        return copies(ofKeys);
    }

    /** Row of the position queries for each key and query, {@code [B * h, S, S]}. */
    Value rowsOfQueries() {
        return copies(ofQueries);
    }

    private Value copies(Value index) {
        Value all = ops.multiply(rows, ops.graph().longs(config.shape().heads()));
        return ops.expand(ops.unsqueeze(index, 0), ops.concat(0, all, length, length));
    }

    /** {@code [B * S, H]} to {@code [B * h, S, d]}. */
    Value split(Value tokens) {
        GraphBuilder graph = ops.graph();
        Value width = graph.longs(config.shape().headSize());
        Value shape = ops.concat(0, rows, length, graph.longs(config.shape().heads()), width);
        Value heads = ops.transpose(ops.reshape(tokens, shape), 0, 2, 1, 3);
        return ops.reshape(heads, ops.concat(0, graph.longs(-1), length, width));
    }

    /** {@code [B * h, S, d]} to {@code [B * S, H]}. */
    Value join(Value heads) {
        Value apart = ops.transpose(byRow(heads, config.shape().headSize()), 0, 2, 1, 3);
        return ops.reshape(apart, -1, config.shape().hiddenSize());
    }

    private Value byRow(Value heads, int width) {
        GraphBuilder graph = ops.graph();
        return ops.reshape(heads, ops.concat(0, rows, graph.longs(config.shape().heads()), length, graph.longs(width)));
    }

    /** {@code [B * h, S, S]} to {@code [B, h, S, S]}. */
    Value byRow(Value scores) {
        Value heads = ops.graph().longs(config.shape().heads());
        return ops.reshape(scores, ops.concat(0, rows, heads, length, length));
    }

    /** {@code [B, h, S, S]} to {@code [B * h, S, S]}. */
    Value byHead(Value scores) {
        return ops.reshape(scores, ops.concat(0, ops.graph().longs(-1), length, length));
    }

    /** Relative positions {@code [R, H]} to {@code [B * h, R, d]}, repeated for each row of the batch. */
    Value splitPositions(Value positions) {
        var shape = config.shape();
        Value heads = ops.transpose(ops.reshape(positions, -1, shape.heads(), shape.headSize()), 1, 0, 2);
        return ops.tile(heads, ops.concat(0, rows, ops.graph().longs(1, 1)));
    }
}
