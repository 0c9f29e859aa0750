package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.DebertaConfig;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;

/**
 * DeBERTa-v3: tokens are not told their place; two score terms of three come from the distance between two tokens (He et
 * al., arXiv 2006.03654).
 */
final class DebertaFamily implements EncoderFamily {
    private static final double SCORE_TERMS = 3;

    private final Operators ops;
    private final AttentionIndices indices;
    private final DistanceColumns columns;
    private final PositionTables positions;
    private final DebertaConfig config;

    private DebertaFamily(
            Operators ops,
            AttentionIndices indices,
            DistanceColumns columns,
            PositionTables positions,
            DebertaConfig config) {
        this.ops = ops;
        this.indices = indices;
        this.columns = columns;
        this.positions = positions;
        this.config = config;
    }

    /** Adds to the graph what its layers share. */
    static DebertaFamily into(Operators ops, AttentionIndices indices, EncoderTensors tensors, DebertaConfig config)
            throws ModelException {
        RelativePositions relative = new RelativePositions(config.positionBuckets(), config.maxPositions());
        DistanceColumns columns = DistanceColumns.into(ops, indices, relative);
        PositionTables positions = PositionTables.of(tensors, config.positionBuckets());
        return new DebertaFamily(ops, indices, columns, positions, config);
    }

    @Override
    public Value placed(Value words) {
        return words;
    }

    @Override
    public StoredTensor projection(EncoderTensors.Layer layer, String part, String kind) throws ModelException {
        return layer.projection(part + "_proj", kind);
    }

    @Override
    public float scale() {
        return (float) (1 / Math.sqrt(SCORE_TERMS * config.shape().headSize()));
    }

    /** Query with key position plus key with query position. */
    @Override
    public Value bias(EncoderTensors.Layer layer, Value query, Value key) throws IOException, ModelException {
        Value keyTable = ops.graph().weight("position_keys", projected(layer, "key", 1));
        Value queryTable = ops.graph().weight("position_queries", projected(layer, "query", scale()));
        Value byQuery = ops.matMul(query, rows(keyTable, columns.ofQueries()));
        Value byKey = ops.matMul(key, rows(queryTable, columns.ofKeys()));
        Value positional = ops.add(columns.align(byQuery), ops.transpose(columns.align(byKey), 0, 1, 3, 2));
        return ops.add(positional, indices.mask());
    }

    private Weights projected(EncoderTensors.Layer layer, String part, float factor) throws ModelException {
        return positions.project(projection(layer, part, "weight"), projection(layer, part, "bias"), factor);
    }

    /** Some rows of a table {@code [h, all, d]} as {@code [h, d, rows]}. */
    private Value rows(Value table, Value rows) {
        return ops.transpose(ops.gather(table, rows, 1), 0, 2, 1);
    }
}
