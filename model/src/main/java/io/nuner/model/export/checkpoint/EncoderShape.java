package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;

/**
 * The sizes that an encoder of any family has. Immutable.
 *
 * @param hiddenSize size of a token vector, H
 * @param layers transformer layers
 * @param heads attention heads; each is H / heads wide
 * @param intermediateSize inner size of the feed-forward
 * @param layerNormEps added to the variance in every layer norm
 */
public record EncoderShape(int hiddenSize, int layers, int heads, int intermediateSize, float layerNormEps) {
    private static final int MOST_LAYERS = 1000;

    /** Width of one attention head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /**
     * Reads the sizes, and refuses what no encoder we implement does otherwise.
     *
     * @param layerNormEps where the file does not say it
     */
    static EncoderShape read(JsonConfig json, double layerNormEps) throws ModelException {
        json.requireOrAbsent("hidden_act", "gelu", "gelu");
        EncoderShape shape = new EncoderShape(
                json.integer("hidden_size"),
                json.integer("num_hidden_layers"),
                json.integer("num_attention_heads"),
                json.integer("intermediate_size"),
                (float) json.number("layer_norm_eps", layerNormEps));
        if (!shape.isPossible()) {
            throw ModelException.of(json.file(), "describes an encoder that cannot be: " + shape);
        }
        if (json.integer("embedding_size", shape.hiddenSize) != shape.hiddenSize) {
            throw ModelException.of(json.file(), "embedding_size differs from hidden_size, which is not supported");
        }
        return shape;
    }

    private boolean isPossible() {
        return layers > 0
                && layers <= MOST_LAYERS
                && heads > 0
                && hiddenSize > 0
                && hiddenSize % heads == 0
                && intermediateSize > 0
                && layerNormEps > 0;
    }
}
