package io.nuner.model.export.graph;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bidirectional LSTM over the words of each row: packed words in, packed words out. */
final class WordLstm {
    private static final int GATES = 4;
    // torch stacks input, forget, cell, output; ONNX wants input, output, forget, cell
    private static final int[] TORCH_GATES = {0, 3, 1, 2};
    private static final List<String> DIRECTIONS = List.of("", "_reverse");

    private final GraphBuilder graph;
    private final Operators ops;
    private final CheckedTensors tensors;
    private final GlinerConfig config;
    private final int hidden;

    WordLstm(Operators ops, CheckedTensors tensors, GlinerConfig config) {
        this.ops = ops;
        this.tensors = tensors;
        this.config = config;
        graph = ops.graph();
        hidden = config.hiddenSize() / 2;
    }

    /**
     * Runs all layers.
     *
     * @param words {@code [N, D]}
     * @param padIndex {@code [B, W]} into N
     * @param unpadIndex {@code [N]} into {@code W * B}
     * @param counts {@code [B]} words of each row
     * @return {@code [N, D]}
     */
    Value apply(Value words, Value padIndex, Value unpadIndex, Value counts) throws IOException, ModelException {
        if (config.lstmLayers() == 0) {
            return words;
        }
        Value sequence = ops.gather(words, ops.transpose(padIndex, 1, 0), 0);
        for (int layer = 0; layer < config.lstmLayers(); layer++) {
            Value input = graph.weight("input_weights_" + layer, stacked("weight_ih_l" + layer, config.hiddenSize()));
            Value recurrent = graph.weight("recurrent_weights_" + layer, stacked("weight_hh_l" + layer, hidden));
            Value biases = graph.weight("biases_" + layer, biases(layer));
            Value both = ops.biLstm(List.of(sequence, input, recurrent, biases, counts), hidden);
            sequence = ops.reshape(ops.transpose(both, 0, 2, 1, 3), 0, 0, config.hiddenSize());
        }
        return ops.gather(ops.reshape(sequence, -1, config.hiddenSize()), unpadIndex, 0);
    }

    /** {@code [2, 4 * hidden, columns]}. */
    private Weights stacked(String name, int columns) throws ModelException {
        List<TensorWeights.Part> parts = new ArrayList<>();
        for (String direction : DIRECTIONS) {
            addGates(parts, tensors.require("rnn.lstm." + name + direction, GATES * hidden, columns));
        }
        return TensorWeights.stackedAs(List.of(DIRECTIONS.size(), GATES * hidden, columns), parts);
    }

    /** {@code [2, 8 * hidden]}: biases of the input, then of the recurrence. */
    private Weights biases(int layer) throws ModelException {
        List<TensorWeights.Part> parts = new ArrayList<>();
        for (String direction : DIRECTIONS) {
            addGates(parts, tensors.require("rnn.lstm.bias_ih_l" + layer + direction, GATES * hidden));
            addGates(parts, tensors.require("rnn.lstm.bias_hh_l" + layer + direction, GATES * hidden));
        }
        return TensorWeights.stackedAs(List.of(DIRECTIONS.size(), 2 * GATES * hidden), parts);
    }

    private static void addGates(List<TensorWeights.Part> parts, StoredTensor tensor) {
        for (int gate : TORCH_GATES) {
            parts.add(TensorWeights.rows(tensor, gate, GATES));
        }
    }
}
