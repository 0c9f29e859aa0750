package io.nuner.gputest.reference;

import io.nuner.gputest.reference.ReferenceTensors.Linear;
import io.nuner.gputest.reference.ReferenceTensors.Norm;
import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import java.io.IOException;

/** One layer as DebertaV2Layer of transformers 4.57.6 computes it. One thread at a time. */
final class ReferenceLayer {
    private static final double SCORE_TERMS = 3;

    private final Operators ops;
    private final ReferenceView view;
    private final ReferenceTensors tensors;
    private final EncoderShape shape;
    private final String prefix;
    private final Value scale;

    ReferenceLayer(Operators ops, ReferenceView view, ReferenceTensors tensors, EncoderShape shape, int index) {
        this.ops = ops;
        this.view = view;
        this.tensors = tensors;
        this.shape = shape;
        prefix = "encoder.layer." + index + ".";
        ops.graph().enter("layer" + index);
        scale = ops.graph().scalar((float) Math.sqrt(SCORE_TERMS * shape.headSize()));
    }

    /**
     * The layer's output for every place, padding included.
     *
     * @param x {@code [B * S, H]}
     * @param positions relative embeddings behind their norm, {@code [R, H]}
     */
    Value of(Value x, Value positions) throws IOException, ModelException {
        Value attended = linear("attention.output.dense").of(ops, view.join(attend(x, positions)));
        Value middle = norm("attention.output.LayerNorm").of(ops, ops.add(attended, x));
        Linear in = tensors.linear(prefix + "intermediate.dense", shape.intermediateSize(), shape.hiddenSize());
        Linear out = tensors.linear(prefix + "output.dense", shape.hiddenSize(), shape.intermediateSize());
        Value fed = out.of(ops, ops.gelu(in.of(ops, middle)));
        return norm("output.LayerNorm").of(ops, ops.add(fed, middle));
    }

    /** Keys are divided before the product with queries, the other two terms after theirs: as the reference does. */
    private Value attend(Value x, Value positions) throws IOException, ModelException {
        Linear queries = linear("attention.self.query_proj");
        Linear keys = linear("attention.self.key_proj");
        Value query = view.split(queries.of(ops, x));
        Value key = view.split(keys.of(ops, x));
        Value value = view.split(linear("attention.self.value_proj").of(ops, x));

        Value content = ops.matMul(query, ops.divide(turned(key), scale));
        Value positionKeys = view.splitPositions(keys.of(ops, positions));
        Value byQuery = ops.gatherElements(ops.matMul(query, turned(positionKeys)), view.rowsOfKeys(), 2);
        Value positionQueries = view.splitPositions(queries.of(ops, positions));
        Value byKey = ops.gatherElements(ops.matMul(key, turned(positionQueries)), view.rowsOfQueries(), 2);
        Value positional = ops.add(ops.divide(byQuery, scale), ops.divide(turned(byKey), scale));
        return ops.matMul(probabilities(ops.add(content, positional)), value);
    }

    private Value probabilities(Value scores) {
        Value lowest = ops.graph().scalar(-Float.MAX_VALUE);
        return view.byHead(ops.softmax(ops.where(view.masked(), lowest, view.byRow(scores))));
    }

    private Value turned(Value matrices) {
        return ops.transpose(matrices, 0, 2, 1);
    }

    private Linear linear(String name) throws IOException, ModelException {
        return tensors.linear(prefix + name, shape.hiddenSize(), shape.hiddenSize());
    }

    private Norm norm(String name) throws IOException, ModelException {
        return tensors.norm(prefix + name, shape.hiddenSize(), shape.layerNormEps());
    }
}
