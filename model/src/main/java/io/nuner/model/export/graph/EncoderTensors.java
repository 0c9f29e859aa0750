package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.EncoderShape;

/**
 * The encoder's tensors by their part in it, each checked against the configured shape. One thread at a time.
 *
 * <p>Weights and the norms before them both come from here, before they are written in any form: what moves scale from one to the
 * other belongs here.
 */
final class EncoderTensors {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";

    private final CheckedTensors tensors;
    private final EncoderShape shape;

    EncoderTensors(CheckedTensors tensors, EncoderShape shape) {
        this.tensors = tensors;
        this.shape = shape;
    }

    EncoderShape shape() {
        return shape;
    }

    StoredTensor wordEmbeddings() throws ModelException {
        return tensors.requireRows(ENCODER + "embeddings.word_embeddings.weight", shape.hiddenSize());
    }

    /** {@code weight} or {@code bias} of the layer norm after the embeddings. */
    StoredTensor embeddingNorm(String kind) throws ModelException {
        return tensors.require(ENCODER + "embeddings.LayerNorm." + kind, shape.hiddenSize());
    }

    /** A tensor that only one family has; its name is taken from the encoder on. */
    StoredTensor require(String name, Integer... dimensions) throws ModelException {
        return tensors.require(ENCODER + name, dimensions);
    }

    /** Accepts a tensor that the family does not need. */
    void ignore(String name) {
        tensors.ignore(ENCODER + name);
    }

    /** The tensors of one layer. */
    Layer layer(int index) {
        return new Layer(ENCODER + "encoder.layer." + index + ".");
    }

    /** The tensors of one layer; {@code kind} is {@code weight} or {@code bias} throughout. */
    final class Layer {
        private final String prefix;

        private Layer(String prefix) {
            this.prefix = prefix;
        }

        /** The projection of queries, keys or values that has this name. */
        StoredTensor projection(String name, String kind) throws ModelException {
            return linear("attention.self." + name, kind, shape.hiddenSize(), shape.hiddenSize());
        }

        StoredTensor attentionOutput(String kind) throws ModelException {
            return linear("attention.output.dense", kind, shape.hiddenSize(), shape.hiddenSize());
        }

        StoredTensor attentionNorm(String kind) throws ModelException {
            return tensors.require(prefix + "attention.output.LayerNorm." + kind, shape.hiddenSize());
        }

        StoredTensor feedForwardIn(String kind) throws ModelException {
            return linear("intermediate.dense", kind, shape.intermediateSize(), shape.hiddenSize());
        }

        StoredTensor feedForwardOut(String kind) throws ModelException {
            return linear("output.dense", kind, shape.hiddenSize(), shape.intermediateSize());
        }

        StoredTensor outputNorm(String kind) throws ModelException {
            return tensors.require(prefix + "output.LayerNorm." + kind, shape.hiddenSize());
        }

        private StoredTensor linear(String name, String kind, int out, int in) throws ModelException {
            return kind.equals("bias")
                    ? tensors.require(prefix + name + ".bias", out)
                    : tensors.require(prefix + name + ".weight", out, in);
        }
    }
}
