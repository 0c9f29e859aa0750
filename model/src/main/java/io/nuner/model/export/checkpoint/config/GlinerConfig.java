package io.nuner.model.export.checkpoint.config;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import java.nio.file.Path;

/**
 * What gliner_config.json says about the model. Immutable.
 *
 * @param modelName the encoder's name
 * @param maxWidth widest span in words
 * @param maxWords words of a text that the model reads
 * @param hiddenSize size of a word vector after the projection
 * @param lstmLayers bidirectional LSTM layers over the words
 */
public record GlinerConfig(
        String modelName, SpanMode spanMode, int maxWidth, int maxWords, int hiddenSize, int lstmLayers) {
    private static final int MOST_LSTM_LAYERS = 16;

    /** The file inside a checkpoint. */
    public static final String FILE = "gliner_config.json";

    /**
     * Reads and checks the file.
     *
     * @throws ModelException if it is missing, or asks for something we do not implement
     */
    public static GlinerConfig read(Path checkpoint) throws ModelException {
        JsonConfig json = JsonConfig.read(checkpoint.resolve(FILE));
        json.requireOrAbsent("subtoken_pooling", "first", "first");
        json.requireOrAbsent("token_splitter", "none", "none");
        json.requireOrAbsent("words_splitter_type", "whitespace", "whitespace");
        json.requireOrAbsent("embed_ent_token", "true", "true");
        return new GlinerConfig(
                json.text("model_name", "unnamed"),
                spanMode(json),
                json.integer("max_width", 1, ModelManifest.MOST_WIDTH),
                json.integer("max_len", 1, ModelManifest.MOST_WORDS),
                json.integer("hidden_size", 1, ModelManifest.MOST_HIDDEN),
                Math.max(0, json.integer("num_rnn_layers", 1, -1, MOST_LSTM_LAYERS)));
    }

    private static SpanMode spanMode(JsonConfig json) throws ModelException {
        String found = json.text("span_mode", "absent");
        for (SpanMode mode : SpanMode.values()) {
            if (mode.key().equals(found)) {
                return mode;
            }
        }
        throw ModelException.of(json.file(), "span_mode is " + found + ", only marker and markerV0 are supported");
    }

    /** How a model turns two word vectors into a span vector. */
    public enum SpanMode {
        /** One linear layer over both. */
        MARKER("marker"),
        /** Two linear layers over both. */
        MARKER_V0("markerV0");

        private final String key;

        SpanMode(String key) {
            this.key = key;
        }

        /** The value of {@code span_mode} in gliner_config.json. */
        public String key() {
            return key;
        }
    }
}
