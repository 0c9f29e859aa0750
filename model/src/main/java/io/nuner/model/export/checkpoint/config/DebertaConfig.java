package io.nuner.model.export.checkpoint.config;

import io.nuner.model.ModelException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A DeBERTa-v3 encoder: tokens know the distance to each other. Immutable.
 *
 * @param positionBuckets relative positions on either side that have an embedding of their own
 * @param maxPositions distance from which on all positions share the last embedding
 */
public record DebertaConfig(EncoderShape shape, int positionBuckets, int maxPositions) implements EncoderConfig {
    static final String MODEL_TYPE = "deberta-v2";

    private static final double LAYER_NORM_EPS = 1e-7;
    private static final int MOST_POSITIONS = 1 << 16;
    // config.json of each: hidden size, layers, heads, feed-forward size
    private static final Map<String, DebertaConfig> KNOWN = Map.of(
            "microsoft/deberta-v3-xsmall", known(384, 12, 6, 1536),
            "microsoft/deberta-v3-small", known(768, 6, 12, 3072),
            "microsoft/deberta-v3-base", known(768, 12, 12, 3072),
            "microsoft/deberta-v3-large", known(1024, 24, 16, 4096),
            "microsoft/mdeberta-v3-base", known(768, 12, 12, 3072));

    private static DebertaConfig known(int hidden, int layers, int heads, int intermediate) {
        EncoderShape shape = new EncoderShape(hidden, layers, heads, intermediate, (float) LAYER_NORM_EPS);
        return new DebertaConfig(shape, 256, 512);
    }

    /** The encoder of that name, if we know its shape. */
    static Optional<DebertaConfig> known(String modelName) {
        return Optional.ofNullable(KNOWN.get(modelName));
    }

    static DebertaConfig of(JsonConfig json) throws ModelException {
        json.require("relative_attention", "true");
        json.require("share_att_key", "true");
        json.require("norm_rel_ebd", "layer_norm");
        json.requireOrAbsent("position_biased_input", "false", "true");
        json.requireOrAbsent("type_vocab_size", "0", "0");
        json.requireOrAbsent("conv_kernel_size", "0", "0");
        if (!new HashSet<>(json.texts("pos_att_type")).equals(Set.of("p2c", "c2p"))) {
            throw ModelException.of(json.file(), "pos_att_type is not p2c and c2p, nothing else is supported");
        }
        DebertaConfig config = new DebertaConfig(
                EncoderShape.read(json, LAYER_NORM_EPS),
                json.integer("position_buckets", 8, MOST_POSITIONS),
                maxPositions(json));
        if (!config.positionsArePossible()) {
            throw ModelException.of(json.file(), "describes an encoder that cannot be: " + config);
        }
        return config;
    }

    private static int maxPositions(JsonConfig json) throws ModelException {
        int declared = json.integer("max_relative_positions", -1, -1, MOST_POSITIONS);
        return declared > 0 ? declared : json.integer("max_position_embeddings", 512, 1, MOST_POSITIONS);
    }

    private boolean positionsArePossible() {
        return positionBuckets % 8 == 0 && maxPositions > positionBuckets;
    }

    /** Any length: far distances share an embedding. */
    @Override
    public int maxRowTokens() {
        return Integer.MAX_VALUE;
    }

    @Override
    public <T> T choose(ByFamily<T> choice) throws ModelException {
        return choice.deberta(this);
    }
}
