package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;
import java.util.List;

/** One transformer layer: attention, then feed-forward, each with a residual and a layer norm after it. */
final class EncoderLayer {
    private final Operators ops;
    private final EncoderShape shape;
    private final AttentionIndices indices;
    private final EncoderFamily family;
    private final EncoderTensors.Layer tensors;

    EncoderLayer(Operators ops, AttentionIndices indices, EncoderFamily family, EncoderTensors encoder, int index) {
        this.ops = ops;
        this.indices = indices;
        this.family = family;
        shape = encoder.shape();
        tensors = encoder.layer(index);
        ops.graph().enter("layer" + index);
    }

    /**
     * The padded attention output as {@code [B * h * S, d]}.
     *
     * @param tokens {@code [T, H]}
     */
    Value attend(Value tokens) throws IOException, ModelException {
        Value heads = ops.reshape(project(tokens), -1, shape.headSize());
        Value query = ops.gather(heads, indices.paddedHeads(0), 0);
        Value key = ops.gather(heads, indices.paddedHeads(1), 0);
        Value value = ops.gather(heads, indices.paddedHeads(2), 0);
        Value content = ops.matMul(query, ops.transpose(key, 0, 1, 3, 2));
        Value scores = ops.add(content, family.bias(tensors, query, key));
        return ops.reshape(ops.matMul(ops.softmax(scores), value), -1, shape.headSize());
    }

    /**
     * The layer's output for the tokens whose heads are given, {@code [n, H]}.
     *
     * @param context what {@link #attend} gave
     * @param heads index into it, {@code [n, h]}
     * @param residual the layer's input for these tokens, {@code [n, H]}
     */
    Value finish(Value context, Value heads, Value residual) throws IOException, ModelException {
        Value joined = ops.reshape(ops.gather(context, heads, 0), -1, shape.hiddenSize());
        Value attended = ops.linear(
                joined,
                weight("attention_output", tensors.attentionOutput("weight")),
                weight("attention_output_bias", tensors.attentionOutput("bias")));
        Value middle = ops.layerNorm(
                ops.add(attended, residual),
                weight("attention_norm", tensors.attentionNorm("weight")),
                weight("attention_norm_bias", tensors.attentionNorm("bias")),
                shape.layerNormEps());
        return ops.layerNorm(
                ops.add(feedForward(middle), middle),
                weight("output_norm", tensors.outputNorm("weight")),
                weight("output_norm_bias", tensors.outputNorm("bias")),
                shape.layerNormEps());
    }

    /** Query, key and value of each token in one product; the scale of the scores is folded into the query. */
    private Value project(Value tokens) throws IOException, ModelException {
        Value weight = ops.graph().weight("qkv", stackedProjections("weight"));
        Value bias = ops.graph().weight("qkv_bias", stackedProjections("bias"));
        return ops.linear(tokens, weight, bias);
    }

    private Weights stackedProjections(String kind) throws ModelException {
        return TensorWeights.stacked(List.of(
                TensorWeights.scaled(family.projection(tensors, "query", kind), family.scale()),
                TensorWeights.part(family.projection(tensors, "key", kind)),
                TensorWeights.part(family.projection(tensors, "value", kind))));
    }

    private Value feedForward(Value x) throws IOException, ModelException {
        Value inner = ops.linear(
                x,
                weight("feed_forward_in", tensors.feedForwardIn("weight")),
                weight("feed_forward_in_bias", tensors.feedForwardIn("bias")));
        return ops.linear(
                ops.gelu(inner),
                weight("feed_forward_out", tensors.feedForwardOut("weight")),
                weight("feed_forward_out_bias", tensors.feedForwardOut("bias")));
    }

    private Value weight(String name, StoredTensor tensor) throws IOException {
        return ops.graph().weight(name, TensorWeights.of(tensor));
    }
}
