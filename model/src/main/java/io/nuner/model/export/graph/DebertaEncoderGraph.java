package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.ModelException;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.EncoderConfig;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.onnx.Axis;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.Value;
import java.io.IOException;

/** The encoder: token ids to hidden states, packed everywhere but in attention. Shapes: {@link GraphNames}. */
public final class DebertaEncoderGraph {
    private final GraphBuilder graph;
    private final Operators ops;
    private final EncoderTensors tensors;
    private final EncoderConfig config;

    private DebertaEncoderGraph(GraphBuilder graph, CheckedTensors tensors, EncoderConfig config) {
        this.graph = graph;
        this.config = config;
        this.tensors = new EncoderTensors(tensors, config);
        ops = new Operators(graph);
    }

    /**
     * Adds the whole encoder to an empty graph and streams its weights.
     *
     * @return rows of the word embeddings
     * @throws ModelException if a tensor is missing or has the wrong shape
     */
    public static int build(GraphBuilder graph, CheckedTensors tensors, EncoderConfig config, ProgressListener progress)
            throws IOException, ModelException {
        return new DebertaEncoderGraph(graph, tensors, config).build(progress);
    }

    private int build(ProgressListener progress) throws IOException, ModelException {
        Value tokenIds = graph.intInput(GraphNames.TOKEN_IDS, Axis.free("T"));
        AttentionPlan plan = new AttentionPlan(ops, config);
        Value needed = graph.intInput(GraphNames.NEEDED_TOKENS, Axis.free("M"));
        PositionTables positions = PositionTables.of(tensors);

        StoredTensor vocabulary = tensors.wordEmbeddings();
        Value tokens = embed(tokenIds, vocabulary);
        for (int index = 0; index < config.layers(); index++) {
            EncoderLayer layer = new EncoderLayer(ops, plan, positions, tensors, index);
            Value context = layer.attend(tokens);
            boolean last = index == config.layers() - 1;
            tokens = last
                    ? layer.finish(context, ops.gather(plan.unpaddedHeads(), needed, 0), ops.gather(tokens, needed, 0))
                    : layer.finish(context, plan.unpaddedHeads(), tokens);
            progress.progress("encoder layers", index + 1, config.layers());
        }
        graph.floatOutput(GraphNames.HIDDEN_STATES, tokens, Axis.free("M"), Axis.fixed(config.hiddenSize()));
        return vocabulary.shape().get(0);
    }

    private Value embed(Value tokenIds, StoredTensor vocabulary) throws IOException, ModelException {
        graph.enter("embeddings");
        Value words = graph.weight("words", TensorWeights.of(vocabulary));
        return ops.layerNorm(
                ops.gather(words, tokenIds, 0),
                graph.weight("norm", TensorWeights.of(tensors.embeddingNorm("weight"))),
                graph.weight("norm_bias", TensorWeights.of(tensors.embeddingNorm("bias"))),
                config.layerNormEps());
    }
}
