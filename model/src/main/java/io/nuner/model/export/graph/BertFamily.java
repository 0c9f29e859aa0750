package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.BertConfig;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;
import java.util.List;

/**
 * BERT: an embedding of its place is added to each token; scores are products of content alone (Devlin et al., arXiv
 * 1810.04805).
 */
final class BertFamily implements EncoderFamily {
    private final Operators ops;
    private final AttentionIndices indices;
    private final EncoderTensors tensors;
    private final BertConfig config;

    BertFamily(Operators ops, AttentionIndices indices, EncoderTensors tensors, BertConfig config) {
        this.ops = ops;
        this.indices = indices;
        this.tensors = tensors;
        this.config = config;
        for (String kind : List.of("weight", "bias")) {
            tensors.ignore("pooler.dense." + kind); // makes one vector of a row, which this model does not use
        }
    }

    @Override
    public Value placed(Value words) throws IOException, ModelException {
        Value places = ops.graph().weight("places", places());
        return ops.add(words, ops.gather(places, indices.places(), 0));
    }

    /** All tokens are of type 0, so its embedding goes into those of the places: {@code [positions, H]}. */
    private Weights places() throws ModelException {
        int hidden = config.shape().hiddenSize();
        float[] table = tensors.require("embeddings.position_embeddings.weight", config.maxPositions(), hidden)
                .readAll();
        float[] type = new float[hidden];
        tensors.require("embeddings.token_type_embeddings.weight", config.tokenTypes(), hidden)
                .read(0, type, hidden);
        for (int i = 0; i < table.length; i++) {
            table[i] += type[i % hidden];
        }
        return Weights.wrap(table, config.maxPositions(), hidden);
    }

    @Override
    public StoredTensor projection(EncoderTensors.Layer layer, String part, String kind) throws ModelException {
        return layer.projection(part, kind);
    }

    @Override
    public float scale() {
        return (float) (1 / Math.sqrt(config.shape().headSize()));
    }

    @Override
    public Value bias(EncoderTensors.Layer layer, Value query, Value key) {
        return indices.mask();
    }
}
