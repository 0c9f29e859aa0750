package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.export.checkpoint.config.GlinerConfig.SpanMode;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Axis;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Linear;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;

/**
 * The head: hidden states to logits. Words pass the projection and the LSTM, become span vectors of K widths, and meet
 * the label vectors in a dot product. Shapes: {@link GraphNames}; D is the size of a projected word.
 */
public final class MarkerHeadGraph {
    private static final String SPANS = "span_rep_layer.span_rep_layer.";

    private final GraphBuilder graph;
    private final Operators ops;
    private final CheckedTensors tensors;
    private final GlinerConfig config;
    private final int encoderSize;

    private MarkerHeadGraph(Operators ops, CheckedTensors tensors, GlinerConfig config, int encoderSize) {
        this.ops = ops;
        this.tensors = tensors;
        this.config = config;
        this.encoderSize = encoderSize;
        graph = ops.graph();
    }

    /**
     * Adds the whole head to an empty graph and streams its weights.
     *
     * @param ops of the graph
     * @param encoderSize size of a hidden state, H
     * @throws ModelException if a tensor is missing or has the wrong shape
     */
    public static void build(Operators ops, CheckedTensors tensors, GlinerConfig config, int encoderSize)
            throws IOException, ModelException {
        new MarkerHeadGraph(ops, tensors, config, encoderSize).build();
    }

    private void build() throws IOException, ModelException {
        Value hidden = graph.floatInput(GraphNames.HIDDEN_STATES, Axis.free("M"), Axis.fixed(encoderSize));
        Value wordIndex = graph.intInput(GraphNames.WORD_INDEX, Axis.free("N"));
        Value wordPadIndex = graph.intInput(GraphNames.WORD_PAD_INDEX, Axis.free("B"), Axis.free("W"));
        Value wordUnpadIndex = graph.intInput(GraphNames.WORD_UNPAD_INDEX, Axis.free("N"));
        Value wordsLeft = graph.intInput(GraphNames.WORDS_LEFT, Axis.free("N"));
        Value wordCounts = graph.intInput(GraphNames.WORD_COUNTS, Axis.free("B"));
        Value labelIndex = graph.intInput(GraphNames.LABEL_INDEX, Axis.free("B"), Axis.free("C"));

        Linear projection = projection();
        Value words = projection.apply(ops.gather(withZeroRow(hidden), wordIndex, 0));
        Value labels = labels(projection.apply(ops.reshape(ops.gather(hidden, labelIndex, 0), -1, encoderSize)));
        graph.enter("lstm");
        Value places = new WordLstm(ops, tensors, config).apply(words, wordPadIndex, wordUnpadIndex, wordCounts);
        Value spans = spans(places, wordsLeft);
        score(spans, wordPadIndex, labels, labelIndex);
    }

    /** Words without a token read the row behind the last one: zeros. */
    private Value withZeroRow(Value hidden) throws IOException {
        graph.enter("words");
        return ops.concat(0, hidden, graph.weight("zero", Weights.wrap(new float[encoderSize], 1, encoderSize)));
    }

    /** Encoder size to D. */
    private Linear projection() throws IOException, ModelException {
        if (config.hiddenSize() == encoderSize) {
            return x -> x;
        }
        graph.enter("projection");
        return linear("token_rep_layer.projection.", config.hiddenSize(), encoderSize);
    }

    private Value labels(Value rows) throws IOException, ModelException {
        graph.enter("labels");
        int size = config.hiddenSize();
        return perceptron("prompt_rep_layer.", rows, 4 * size);
    }

    /** Span vectors {@code [N, K, D]}. */
    private Value spans(Value words, Value wordsLeft) throws IOException, ModelException {
        int inner = (config.spanMode() == SpanMode.MARKER ? 2 : 4) * config.hiddenSize();
        graph.enter("starts");
        Value starts = ops.relu(perceptron(SPANS + "project_start.", words, inner));
        graph.enter("ends");
        Value ends = ops.relu(perceptron(SPANS + "project_end.", words, inner));
        graph.enter("spans");
        return config.spanMode() == SpanMode.MARKER
                ? joined(SPANS + "out_project.", config.hiddenSize(), new Pair(starts, ends), wordsLeft)
                : doublyProjected(new Pair(starts, ends), wordsLeft);
    }

    private Value doublyProjected(Pair words, Value wordsLeft) throws IOException, ModelException {
        int size = config.hiddenSize();
        Value inner = ops.relu(joined(SPANS + "out_project.0.", 4 * size, words, wordsLeft));
        Value rows = ops.reshape(inner, -1, 4L * size);
        Value flat = linear(SPANS + "out_project.3.", size, 4 * size).apply(rows);
        return ops.reshape(flat, -1, config.maxWidth(), size);
    }

    /**
     * A linear layer over the start vector and the end vector of each span, {@code [N, K, out]}. The layer is applied to
     * starts and ends apart and the results are added, so that it runs once a word and not once a span.
     */
    private Value joined(String layer, int out, Pair words, Value wordsLeft) throws IOException, ModelException {
        int size = config.hiddenSize();
        StoredTensor weight = tensors.require(layer + "weight", out, 2 * size);
        Weights bias = TensorWeights.of(tensors.require(layer + "bias", out));
        Value fromStart = ops.linear(
                        "start_half", StoredMatrix.columns(weight, 0, size), shortName(layer + "bias"), bias)
                .apply(words.starts());
        Value fromEnd = ops.linear("end_half", StoredMatrix.columns(weight, size, 2 * size))
                .apply(words.ends());
        Value perWidth =
                config.maxWidth() == 1 ? ops.unsqueeze(fromEnd, 1) : ops.gather(fromEnd, lastWords(wordsLeft), 0);
        return ops.add(ops.unsqueeze(fromStart, 1), perWidth);
    }

    /** The last word of each span, cut at the end of its row: {@code [N, K]}. */
    private Value lastWords(Value wordsLeft) {
        int[] widths = new int[config.maxWidth()];
        for (int width = 0; width < widths.length; width++) {
            widths[width] = width;
        }
        Value first = ops.range(ops.sizeScalar(wordsLeft, 0));
        Value reach = ops.min(graph.ints(widths), ops.unsqueeze(wordsLeft, 1));
        return ops.add(reach, ops.unsqueeze(first, 1));
    }

    private void score(Value spans, Value wordPadIndex, Value labels, Value labelIndex) {
        graph.enter("scores");
        int size = config.hiddenSize();
        Value batch = ops.size(wordPadIndex, 0);
        Value width = graph.longs(size);
        Value labelRows = ops.reshape(labels, ops.concat(0, batch, ops.size(labelIndex, 1), width));
        Value padded = ops.gather(spans, wordPadIndex, 0);
        Value spanRows = ops.reshape(padded, ops.concat(0, batch, graph.longs(-1), width));
        Value scores = ops.matMul(spanRows, ops.transpose(labelRows, 0, 2, 1));
        Value shape =
                ops.concat(0, ops.size(wordPadIndex, 0), ops.size(wordPadIndex, 1), graph.longs(config.maxWidth(), -1));
        graph.floatOutput(
                GraphNames.LOGITS,
                ops.reshape(scores, shape),
                Axis.free("B"),
                Axis.free("W"),
                Axis.fixed(config.maxWidth()),
                Axis.free("C"));
    }

    /** Two linear layers with a ReLU between them, D to {@code inner} to D; torch numbers them 0 and 3. */
    private Value perceptron(String name, Value x, int inner) throws IOException, ModelException {
        int size = config.hiddenSize();
        Value first = linear(name + "0.", inner, size).apply(x);
        return linear(name + "3.", size, inner).apply(ops.relu(first));
    }

    private Linear linear(String name, int out, int in) throws IOException, ModelException {
        return ops.linear(
                shortName(name + "weight"),
                StoredMatrix.of(tensors.require(name + "weight", out, in)),
                shortName(name + "bias"),
                TensorWeights.of(tensors.require(name + "bias", out)));
    }

    /** The last two parts. */
    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    /** Vectors of all words, as the first and as the last word of a span. */
    private record Pair(Value starts, Value ends) {}
}
