package io.nuner.model.export.checkpoint;

import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shape of a DeBERTa-v3 encoder. Immutable.
 *
 * @param hiddenSize size of a token vector, H
 * @param layers transformer layers
 * @param heads attention heads; each is H / heads wide
 * @param intermediateSize inner size of the feed-forward
 * @param layerNormEps added to the variance in every layer norm
 * @param positionBuckets relative positions on either side that have an embedding of their own
 * @param maxPositions distance from which on all positions share the last embedding
 */
public record EncoderConfig(
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        float layerNormEps,
        int positionBuckets,
        int maxPositions) {
    private static final List<String> FILES = List.of("encoder_config.json", "config.json");
    // microsoft/deberta-v3-*, config.json: layers, hidden size, heads, feed-forward size
    private static final Map<String, EncoderConfig> KNOWN = Map.of(
            "microsoft/deberta-v3-xsmall", known(384, 12, 6, 1536),
            "microsoft/deberta-v3-small", known(768, 6, 12, 3072),
            "microsoft/deberta-v3-base", known(768, 12, 12, 3072),
            "microsoft/deberta-v3-large", known(1024, 24, 16, 4096));

    private static EncoderConfig known(int hidden, int layers, int heads, int intermediate) {
        return new EncoderConfig(hidden, layers, heads, intermediate, 1e-7f, 256, 512);
    }

    /** Width of one attention head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /**
     * Reads encoder_config.json, config.json or the encoder_config inside gliner_config.json, whichever is there first;
     * without any, takes the known shape of the named encoder.
     *
     * @throws ModelException if the encoder is unknown or not a DeBERTa as we implement it
     */
    public static EncoderConfig read(Path checkpoint, String modelName) throws ModelException {
        Optional<JsonConfig> json = find(checkpoint);
        if (json.isPresent()) {
            return of(json.get());
        }
        EncoderConfig known = KNOWN.get(modelName);
        if (known == null) {
            throw ModelException.of(
                    checkpoint.resolve(GlinerConfig.FILE),
                    "model_name is " + modelName + ", an encoder we do not know, and there is no encoder_config.json");
        }
        return known;
    }

    private static Optional<JsonConfig> find(Path checkpoint) throws ModelException {
        for (String name : FILES) {
            if (Files.exists(checkpoint.resolve(name))) {
                return Optional.of(JsonConfig.read(checkpoint.resolve(name)));
            }
        }
        return JsonConfig.read(checkpoint.resolve(GlinerConfig.FILE)).object("encoder_config");
    }

    private static EncoderConfig of(JsonConfig json) throws ModelException {
        json.require("model_type", "deberta-v2");
        json.require("relative_attention", "true");
        json.require("share_att_key", "true");
        json.require("norm_rel_ebd", "layer_norm");
        json.requireOrAbsent("position_biased_input", "false", "true");
        json.requireOrAbsent("hidden_act", "gelu", "gelu");
        json.requireOrAbsent("type_vocab_size", "0", "0");
        json.requireOrAbsent("conv_kernel_size", "0", "0");
        if (!new HashSet<>(json.texts("pos_att_type")).equals(Set.of("p2c", "c2p"))) {
            throw ModelException.of(json.file(), "pos_att_type is not p2c and c2p, nothing else is supported");
        }
        EncoderConfig config = new EncoderConfig(
                json.integer("hidden_size"),
                json.integer("num_hidden_layers"),
                json.integer("num_attention_heads"),
                json.integer("intermediate_size"),
                (float) json.number("layer_norm_eps", 1e-7),
                json.integer("position_buckets"),
                maxPositions(json));
        config.check(json);
        return config;
    }

    private static int maxPositions(JsonConfig json) throws ModelException {
        int declared = json.integer("max_relative_positions", -1);
        return declared > 0 ? declared : json.integer("max_position_embeddings", 512);
    }

    private void check(JsonConfig json) throws ModelException {
        boolean sizesHold = layers > 0 && layers <= 1000 && heads > 0 && hiddenSize > 0 && hiddenSize % heads == 0;
        boolean positionsHold = positionBuckets > 0
                && positionBuckets % 8 == 0
                && maxPositions > positionBuckets
                && maxPositions <= 1 << 16;
        if (!sizesHold || !positionsHold || intermediateSize < 1 || !(layerNormEps > 0)) {
            throw ModelException.of(json.file(), "describes an encoder that cannot be: " + this);
        }
        if (json.integer("embedding_size", hiddenSize) != hiddenSize) {
            throw ModelException.of(json.file(), "embedding_size differs from hidden_size, which is not supported");
        }
    }
}
