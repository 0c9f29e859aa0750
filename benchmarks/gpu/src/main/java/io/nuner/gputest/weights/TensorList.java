package io.nuner.gputest.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a checkpoint of a shape, in the layout of gliner 0.1.12. Immutable.
 *
 * <p>Matrices have the deviation {@code 1 / sqrt(columns)}, 0.016 to 0.031 for the large shape, so that activations keep their
 * size from layer to layer; scales of normalisation lie near 1.
 */
final class TensorList {
    private static final String ENCODER = "token_rep_layer.bert_layer.model.";
    private static final String SPANS = "span_rep_layer.span_rep_layer.";
    private static final double SMALL = 0.02;

    private final ModelShape shape;
    private final List<RandomTensor> tensors = new ArrayList<>();

    private TensorList(ModelShape shape) {
        this.shape = shape;
    }

    static List<RandomTensor> of(ModelShape shape) {
        TensorList list = new TensorList(shape);
        list.addEncoder();
        list.addHead();
        return List.copyOf(list.tensors);
    }

    private void addEncoder() {
        int hidden = shape.hidden();
        add(ENCODER + "embeddings.word_embeddings.weight", List.of(ModelShape.VOCABULARY, hidden), SMALL);
        addNorm(ENCODER + "embeddings.LayerNorm");
        for (int layer = 0; layer < shape.layers(); layer++) {
            addLayer(ENCODER + "encoder.layer." + layer + ".");
        }
        add(ENCODER + "encoder.rel_embeddings.weight", List.of(2 * ModelShape.BUCKETS, hidden), SMALL);
        addNorm(ENCODER + "encoder.LayerNorm");
    }

    private void addLayer(String prefix) {
        int hidden = shape.hidden();
        for (String part : List.of("query_proj", "key_proj", "value_proj")) {
            addLinear(prefix + "attention.self." + part, hidden, hidden);
        }
        addLinear(prefix + "attention.output.dense", hidden, hidden);
        addNorm(prefix + "attention.output.LayerNorm");
        addLinear(prefix + "intermediate.dense", shape.feedForward(), hidden);
        addLinear(prefix + "output.dense", hidden, shape.feedForward());
        addNorm(prefix + "output.LayerNorm");
    }

    private void addHead() {
        int size = shape.projected();
        addLinear("token_rep_layer.projection", size, shape.hidden());
        for (String direction : List.of("", "_reverse")) {
            add("rnn.lstm.weight_ih_l0" + direction, List.of(2 * size, size), 1 / Math.sqrt(size));
            add("rnn.lstm.weight_hh_l0" + direction, List.of(2 * size, size / 2), 1 / Math.sqrt(size));
            add("rnn.lstm.bias_ih_l0" + direction, List.of(2 * size), SMALL);
            add("rnn.lstm.bias_hh_l0" + direction, List.of(2 * size), SMALL);
        }
        for (String side : List.of("project_start", "project_end")) {
            addLinear(SPANS + side + ".0", 2 * size, size);
            addLinear(SPANS + side + ".3", size, 2 * size);
        }
        addLinear("prompt_rep_layer.0", 4 * size, size);
        addScores(size);
    }

    /**
     * The last layers of both sides, whose products are the logits. Constants of opposite sign in their biases push the
     * logits down, so that a few in a hundred scores exceed 0.5, as in real text; without them it would be half.
     */
    private void addScores(int size) {
        ScoreScale scale = ScoreScale.of(shape);
        add(SPANS + "out_project.weight", List.of(size, 2 * size), scale.span() / Math.sqrt(2.0 * size));
        addBias(SPANS + "out_project.bias", size, -scale.bias());
        add("prompt_rep_layer.3.weight", List.of(size, 4 * size), scale.label() / Math.sqrt(4.0 * size));
        addBias("prompt_rep_layer.3.bias", size, scale.bias());
    }

    private void addLinear(String name, int out, int in) {
        add(name + ".weight", List.of(out, in), 1 / Math.sqrt(in));
        addBias(name + ".bias", out, 0);
    }

    private void addNorm(String name) {
        tensors.add(new RandomTensor(name + ".weight", List.of(shape.hidden()), 1, SMALL));
        addBias(name + ".bias", shape.hidden(), 0);
    }

    private void addBias(String name, int size, double mean) {
        tensors.add(new RandomTensor(name, List.of(size), mean, SMALL));
    }

    private void add(String name, List<Integer> size, double deviation) {
        tensors.add(new RandomTensor(name, size, 0, deviation));
    }
}
