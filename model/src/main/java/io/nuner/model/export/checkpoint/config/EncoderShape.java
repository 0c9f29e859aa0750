package io.nuner.model.export.checkpoint.config;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;

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
    private static final int MOST_LAYERS = 200;
    private static final int MOST_HEADS = 1024;
    private static final int MOST_INTERMEDIATE = 1 << 17;

    /** Width of one attention head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /**
     * Reads the sizes, and refuses settings that no supported encoder has.
     *
     * @param layerNormEps where the file does not say it
     */
    static EncoderShape read(JsonConfig json, double layerNormEps) throws ModelException {
        json.requireOrAbsent("hidden_act", "gelu", "gelu");
        EncoderShape shape = new EncoderShape(
                json.integer("hidden_size", 1, ModelManifest.MOST_HIDDEN),
                json.integer("num_hidden_layers", 1, MOST_LAYERS),
                json.integer("num_attention_heads", 1, MOST_HEADS),
                json.integer("intermediate_size", 1, MOST_INTERMEDIATE),
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
        return hiddenSize % heads == 0 && layerNormEps > 0 && layerNormEps < 1;
    }
}
