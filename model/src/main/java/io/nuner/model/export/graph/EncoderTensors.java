package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.EncoderConfig;
import io.nuner.model.export.checkpoint.StoredTensor;

/** The encoder's tensors by their part in it, each checked against the configured shape. One thread at a time. */
final class EncoderTensors {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";

    private final CheckedTensors tensors;
    private final EncoderConfig config;

    EncoderTensors(CheckedTensors tensors, EncoderConfig config) {
        this.tensors = tensors;
        this.config = config;
    }

    EncoderConfig config() {
        return config;
    }

    StoredTensor wordEmbeddings() throws ModelException {
        return tensors.requireRows(ENCODER + "embeddings.word_embeddings.weight", config.hiddenSize());
    }

    /** {@code weight} or {@code bias} of the layer norm after the embeddings. */
    StoredTensor embeddingNorm(String kind) throws ModelException {
        return tensors.require(ENCODER + "embeddings.LayerNorm." + kind, config.hiddenSize());
    }

    StoredTensor relativeEmbeddings() throws ModelException {
        return tensors.require(
                ENCODER + "encoder.rel_embeddings.weight", 2 * config.positionBuckets(), config.hiddenSize());
    }

    /** {@code weight} or {@code bias} of the layer norm of the relative embeddings. */
    StoredTensor relativeNorm(String kind) throws ModelException {
        return tensors.require(ENCODER + "encoder.LayerNorm." + kind, config.hiddenSize());
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

        /** Projection {@code query}, {@code key} or {@code value}. */
        StoredTensor projection(String part, String kind) throws ModelException {
            return linear("attention.self." + part + "_proj", kind, config.hiddenSize(), config.hiddenSize());
        }

        StoredTensor attentionOutput(String kind) throws ModelException {
            return linear("attention.output.dense", kind, config.hiddenSize(), config.hiddenSize());
        }

        StoredTensor attentionNorm(String kind) throws ModelException {
            return tensors.require(prefix + "attention.output.LayerNorm." + kind, config.hiddenSize());
        }

        StoredTensor feedForwardIn(String kind) throws ModelException {
            return linear("intermediate.dense", kind, config.intermediateSize(), config.hiddenSize());
        }

        StoredTensor feedForwardOut(String kind) throws ModelException {
            return linear("output.dense", kind, config.hiddenSize(), config.intermediateSize());
        }

        StoredTensor outputNorm(String kind) throws ModelException {
            return tensors.require(prefix + "output.LayerNorm." + kind, config.hiddenSize());
        }

        private StoredTensor linear(String name, String kind, int out, int in) throws ModelException {
            return kind.equals("bias")
                    ? tensors.require(prefix + name + ".bias", out)
                    : tensors.require(prefix + name + ".weight", out, in);
        }
    }
}
