package io.nuner.model.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a checkpoint with random weights, for tests of size and speed where the real one is not at hand. Weights are scaled
 * so that activations keep their size from layer to layer. Any thread.
 *
 * <p>From the command line: {@code RandomCheckpoint tiny|tiny_bert|tiny_real_vocab|small|large SEED DIRECTORY [SCORE_BIAS]}.
 */
public final class RandomCheckpoint {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";
    private static final String SPANS = "span_rep_layer.span_rep_layer.";

    private final Shape shape;
    private final Head head;
    private final Map<String, List<Integer>> tensors = new LinkedHashMap<>();

    private RandomCheckpoint(Shape shape, Head head) {
        this.shape = shape;
        this.head = head;
    }

    /** Shape, seed, directory, and the bias of the scores if it is not 0; prints nothing. */
    public static void main(String... args) {
        Head head = args.length > 3 ? new Head(Head.USUAL.maxWords(), Double.parseDouble(args[3])) : Head.USUAL;
        write(Shape.valueOf(args[0].toUpperCase(Locale.ROOT)), head, Long.parseLong(args[1]), Path.of(args[2]));
    }

    /**
     * Writes the configuration, the tokenizer and model.safetensors into a directory, which is made if it is missing. Needs
     * a few megabytes of heap whatever the shape.
     */
    public static void write(Shape shape, long seed, Path directory) {
        write(shape, Head.USUAL, seed, directory);
    }

    /** The same with another head; overwrites what an earlier call left there. */
    public static void write(Shape shape, Head head, long seed, Path directory) {
        try {
            Files.createDirectories(directory);
            RandomCheckpoint checkpoint = new RandomCheckpoint(shape, head);
            checkpoint.list();
            RandomWeights.write(checkpoint.tensors, head.biases(), seed, directory.resolve("model.safetensors"));
            checkpoint.writeConfiguration(directory);
            shape.tokenizer().copyVocabulary(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void list() {
        int hidden = shape.hidden();
        tensors.put(ENCODER + "embeddings.word_embeddings.weight", List.of(shape.vocabulary(), hidden));
        norm(ENCODER + "embeddings.LayerNorm");
        for (int layer = 0; layer < shape.layers(); layer++) {
            listLayer(ENCODER + "encoder.layer." + layer + ".");
        }
        listPositions();
        linear("token_rep_layer.projection", shape.projected(), hidden);
        listHead();
    }

    private void listPositions() {
        int hidden = shape.hidden();
        if (shape.family() == Family.BERT) {
            tensors.put(ENCODER + "embeddings.position_embeddings.weight", List.of(512, hidden));
            tensors.put(ENCODER + "embeddings.token_type_embeddings.weight", List.of(2, hidden));
        } else {
            tensors.put(ENCODER + "encoder.rel_embeddings.weight", List.of(512, hidden));
            norm(ENCODER + "encoder.LayerNorm");
        }
    }

    private void listLayer(String prefix) {
        int hidden = shape.hidden();
        for (String part : List.of("query", "key", "value")) {
            linear(prefix + "attention.self." + part + shape.family().projectionSuffix, hidden, hidden);
        }
        linear(prefix + "attention.output.dense", hidden, hidden);
        norm(prefix + "attention.output.LayerNorm");
        linear(prefix + "intermediate.dense", 4 * hidden, hidden);
        linear(prefix + "output.dense", hidden, 4 * hidden);
        norm(prefix + "output.LayerNorm");
    }

    private void listHead() {
        int size = shape.projected();
        for (String direction : List.of("", "_reverse")) {
            tensors.put("rnn.lstm.weight_ih_l0" + direction, List.of(2 * size, size));
            tensors.put("rnn.lstm.weight_hh_l0" + direction, List.of(2 * size, size / 2));
            tensors.put("rnn.lstm.bias_ih_l0" + direction, List.of(2 * size));
            tensors.put("rnn.lstm.bias_hh_l0" + direction, List.of(2 * size));
        }
        for (String side : List.of("project_start", "project_end")) {
            linear(SPANS + side + ".0", 2 * size, size);
            linear(SPANS + side + ".3", size, 2 * size);
        }
        linear(SPANS + "out_project", size, 2 * size);
        linear("prompt_rep_layer.0", 4 * size, size);
        linear("prompt_rep_layer.3", size, 4 * size);
    }

    private void linear(String name, int out, int in) {
        tensors.put(name + ".weight", List.of(out, in));
        tensors.put(name + ".bias", List.of(out));
    }

    private void norm(String name) {
        tensors.put(name + ".weight", List.of(shape.hidden()));
        tensors.put(name + ".bias", List.of(shape.hidden()));
    }

    private void writeConfiguration(Path directory) throws IOException {
        Files.writeString(directory.resolve("gliner_config.json"), """
                {"model_name": "random-%s", "subtoken_pooling": "first", "hidden_size": %d,
                 "span_mode": "marker", "max_width": 1, "max_len": %d}
                """.formatted(
                        shape.name().toLowerCase(Locale.ROOT), shape.projected(), head.maxWords()));
        Files.writeString(directory.resolve("encoder_config.json"), """
                {"hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d, "intermediate_size": %d,
                 "hidden_act": "gelu", "max_position_embeddings": 512, %s}
                """.formatted(
                        shape.hidden(), shape.layers(), shape.heads(), 4 * shape.hidden(), shape.family().config));
    }

    /**
     * What tests of speed choose of the head. Immutable.
     *
     * @param maxWords words that the model reads of a text
     * @param scoreBias mean of the last biases: above 0 of opposite sign on both sides of the product, which lowers the scores;
     *     below 0 of one sign on both, which raises them
     */
    public record Head(int maxWords, double scoreBias) {
        private static final Head USUAL = new Head(384, 0);

        private Map<String, Double> biases() {
            return Map.of(SPANS + "out_project.bias", -scoreBias, "prompt_rep_layer.3.bias", Math.abs(scoreBias));
        }
    }

    /** What the checkpoints of a family do not share. */
    private enum Family {
        DEBERTA("_proj", """
                "model_type": "deberta-v2", "relative_attention": true, "position_buckets": 256, "type_vocab_size": 0,
                 "norm_rel_ebd": "layer_norm", "share_att_key": true, "pos_att_type": ["p2c", "c2p"],
                 "max_relative_positions": -1, "position_biased_input": false, "layer_norm_eps": 1e-07"""),
        BERT("", """
                "model_type": "bert", "type_vocab_size": 2, "layer_norm_eps": 1e-12""");

        private final String projectionSuffix;
        private final String config;

        Family(String projectionSuffix, String config) {
            this.projectionSuffix = projectionSuffix;
            this.config = config;
        }
    }

    /** Sizes of encoder and head. */
    public enum Shape {
        /** Two layers, for unit tests. */
        TINY(2, 32, 24, 190, Fixtures.MARKER_W1),
        /** The same as a BERT, without its unused pooler. */
        TINY_BERT(2, 32, 24, 184, Fixtures.BERT_W1),
        /** {@link #TINY} with the vocabulary of NuNER Zero. */
        TINY_REAL_VOCAB(2, 32, 24, 128_004, Fixtures.REAL_VOCAB),
        /** The encoder of microsoft/deberta-v3-small. */
        SMALL(6, 768, 512, 128_004, Fixtures.REAL_VOCAB),
        /** NuNER Zero: the encoder of microsoft/deberta-v3-large. */
        LARGE(24, 1024, 768, 128_004, Fixtures.REAL_VOCAB);

        private final int layers;
        private final int hidden;
        private final int projected;
        private final int vocabulary;
        private final Fixtures tokenizer;

        Shape(int layers, int hidden, int projected, int vocabulary, Fixtures tokenizer) {
            this.layers = layers;
            this.hidden = hidden;
            this.projected = projected;
            this.vocabulary = vocabulary;
            this.tokenizer = tokenizer;
        }

        private Family family() {
            return this == TINY_BERT ? Family.BERT : Family.DEBERTA;
        }

        int layers() {
            return layers;
        }

        int hidden() {
            return hidden;
        }

        int heads() {
            return Math.max(4, hidden / 64);
        }

        int projected() {
            return projected;
        }

        int vocabulary() {
            return vocabulary;
        }

        Fixtures tokenizer() {
            return tokenizer;
        }
    }
}
