package io.nuner.model.export.graph;

import io.nuner.engine.GraphNames;
import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.config.BertConfig;
import io.nuner.model.export.checkpoint.config.DebertaConfig;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Axis;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import java.io.IOException;
import java.util.function.IntConsumer;

/** The encoder: token ids to hidden states, packed everywhere but in attention. Shapes: {@link GraphNames}. */
public final class EncoderGraph {
    private final GraphBuilder graph;
    private final Operators ops;
    private final EncoderConfig config;
    private final EncoderTensors tensors;

    private EncoderGraph(Operators ops, CheckedTensors tensors, EncoderConfig config) {
        this.ops = ops;
        this.config = config;
        this.tensors = new EncoderTensors(tensors, config.shape());
        graph = ops.graph();
    }

    /**
     * Adds the whole encoder to an empty graph and streams its weights.
     *
     * @param ops of the graph
     * @param layerDone told how many layers are done, after each
     * @return rows of the word embeddings
     * @throws ModelException if a tensor is missing or has the wrong shape
     */
    public static int build(Operators ops, CheckedTensors tensors, EncoderConfig config, IntConsumer layerDone)
            throws IOException, ModelException {
        return new EncoderGraph(ops, tensors, config).build(layerDone);
    }

    private int build(IntConsumer layerDone) throws IOException, ModelException {
        EncoderShape shape = config.shape();
        Value tokenIds = graph.intInput(GraphNames.TOKEN_IDS, Axis.free("T"));
        AttentionIndices indices = AttentionIndices.into(ops, shape.heads());
        Value needed = graph.intInput(GraphNames.NEEDED_TOKENS, Axis.free("M"));
        EncoderFamily family = config.choose(new FamilyParts(ops, indices, tensors));

        Value tokens = embed(tokenIds, family);
        for (int index = 0; index < shape.layers(); index++) {
            EncoderLayer layer = new EncoderLayer(ops, indices, family, tensors, index);
            Value context = layer.attend(tokens);
            boolean last = index == shape.layers() - 1;
            tokens = last
                    ? layer.finish(
                            context, ops.gather(indices.unpaddedHeads(), needed, 0), ops.gather(tokens, needed, 0))
                    : layer.finish(context, indices.unpaddedHeads(), tokens);
            layerDone.accept(index + 1);
        }
        graph.floatOutput(GraphNames.HIDDEN_STATES, tokens, Axis.free("M"), Axis.fixed(shape.hiddenSize()));
        return tensors.wordEmbeddings().shape().get(0);
    }

    private Value embed(Value tokenIds, EncoderFamily family) throws IOException, ModelException {
        graph.enter("embeddings");
        Value words = ops.rows("words", StoredMatrix.of(tensors.wordEmbeddings()), tokenIds);
        return ops.layerNorm(
                family.placed(words),
                graph.weight("norm", TensorWeights.of(tensors.embeddingNorm("weight"))),
                graph.weight("norm_bias", TensorWeights.of(tensors.embeddingNorm("bias"))),
                config.shape().layerNormEps());
    }

    /** Makes the family from what all families share. */
    private record FamilyParts(Operators ops, AttentionIndices indices, EncoderTensors tensors)
            implements EncoderConfig.ByFamily<EncoderFamily> {
        @Override
        public EncoderFamily bert(BertConfig config) {
            return new BertFamily(ops, indices, tensors, config);
        }

        @Override
        public EncoderFamily deberta(DebertaConfig config) throws ModelException {
            return DebertaFamily.into(ops, indices, tensors, config);
        }
    }
}
