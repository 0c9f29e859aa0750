package io.nuner.model.export.checkpoint.config;

import io.nuner.model.ModelException;

/**
 * A BERT encoder: each token knows its place in the row. Immutable.
 *
 * @param maxPositions places that have an embedding; no row is longer
 * @param tokenTypes token types that have an embedding; the family's rows use the first
 */
public record BertConfig(EncoderShape shape, int maxPositions, int tokenTypes) implements EncoderConfig {
    static final String MODEL_TYPE = "bert";

    private static final double LAYER_NORM_EPS = 1e-12;
    private static final int MOST_POSITIONS = 1 << 16;

    static BertConfig of(JsonConfig json) throws ModelException {
        json.requireOrAbsent("position_embedding_type", "absolute", "absolute");
        json.requireOrAbsent("is_decoder", "false", "false");
        json.requireOrAbsent("add_cross_attention", "false", "false");
        return new BertConfig(
                EncoderShape.read(json, LAYER_NORM_EPS),
                json.integer("max_position_embeddings", 1, MOST_POSITIONS),
                json.integer("type_vocab_size", 1, MOST_POSITIONS));
    }

    @Override
    public int maxRowTokens() {
        return maxPositions;
    }

    @Override
    public <T> T choose(ByFamily<T> choice) throws ModelException {
        return choice.bert(this);
    }
}
