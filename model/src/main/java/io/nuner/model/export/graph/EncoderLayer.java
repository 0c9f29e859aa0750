package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Linear;
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
        Value attended = linear("attention_output", tensors.attentionOutput("weight"), tensors.attentionOutput("bias"))
                .apply(joined);
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
        StoredMatrix weight = StoredMatrix.stacked(List.of(
                StoredMatrix.scaled(projection("query", "weight"), family.scale()),
                StoredMatrix.whole(projection("key", "weight")),
                StoredMatrix.whole(projection("value", "weight"))));
        Weights bias = TensorWeights.stacked(List.of(
                TensorWeights.scaled(projection("query", "bias"), family.scale()),
                TensorWeights.part(projection("key", "bias")),
                TensorWeights.part(projection("value", "bias"))));
        return ops.linear("qkv", weight, "qkv_bias", bias).apply(tokens);
    }

    private StoredTensor projection(String part, String kind) throws ModelException {
        return family.projection(tensors, part, kind);
    }

    private Value feedForward(Value x) throws IOException, ModelException {
        Value inner = linear("feed_forward_in", tensors.feedForwardIn("weight"), tensors.feedForwardIn("bias"))
                .apply(x);
        return linear("feed_forward_out", tensors.feedForwardOut("weight"), tensors.feedForwardOut("bias"))
                .apply(ops.gelu(inner));
    }

    private Linear linear(String name, StoredTensor weight, StoredTensor bias) throws IOException {
        return ops.linear(name, StoredMatrix.of(weight), name + "_bias", TensorWeights.of(bias));
    }

    private Value weight(String name, StoredTensor tensor) throws IOException {
        return ops.graph().weight(name, TensorWeights.of(tensor));
    }
}
