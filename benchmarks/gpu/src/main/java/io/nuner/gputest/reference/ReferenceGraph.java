package io.nuner.gputest.reference;

import io.nuner.engine.GraphNames;
import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.CheckedTensors;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.config.DebertaConfig;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.export.checkpoint.config.EncoderShape;
import io.nuner.model.export.checkpoint.config.GlinerConfig;
import io.nuner.model.export.onnx.GraphBuilder;
import io.nuner.model.export.onnx.GraphBuilder.Axis;
import io.nuner.model.export.onnx.GraphBuilder.Value;
import io.nuner.model.export.onnx.Operators;
import io.nuner.model.export.onnx.WeightFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint's encoder in the form in which transformers' DeBERTa-v2 (4.57.6, modeling_deberta_v2.py) is exported: padded
 * rows, separate products for queries, keys and values, relative positions projected in every run and repeated for every row,
 * their scores fetched one by one with GatherElements. No head. Any thread.
 *
 * <p>Three differences, each in favour of this form: the bucket of a distance comes from a table, each product and its bias are one
 * operator, ids and mask are int32.
 */
public final class ReferenceGraph {
    /** Input {@code [B, S]}. */
    static final String INPUT_IDS = "input_ids";

    /** Input {@code [B, S]}: 1 for tokens, 0 for padding. */
    static final String ATTENTION_MASK = "attention_mask";

    private static final String FILE = "reference.onnx";
    private static final String WEIGHTS = "reference.weights";

    private final GraphBuilder graph;
    private final Operators ops;
    private final ReferenceTensors tensors;
    private final DebertaConfig config;

    private ReferenceGraph(GraphBuilder graph, CheckedTensors checkpoint, DebertaConfig config) {
        this.graph = graph;
        this.config = config;
        ops = new Operators(graph);
        tensors = new ReferenceTensors(checkpoint, graph);
    }

    /**
     * Writes the graph and, beside it, its weights.
     *
     * @param directory holds neither yet
     * @return the graph; its output {@link GraphNames#HIDDEN_STATES} is {@code [B * S, H]}
     * @throws ModelException if the checkpoint is damaged or of another family
     */
    public static Path write(Path checkpoint, Path directory) throws IOException, ModelException {
        GlinerConfig gliner = GlinerConfig.read(checkpoint);
        if (!(EncoderConfig.read(checkpoint, gliner.modelName()) instanceof DebertaConfig config)) {
            throw ModelException.of(checkpoint, "is no DeBERTa, of which alone there is a reference form");
        }
        Path file = directory.resolve(FILE);
        try (Checkpoint opened = Checkpoint.open(checkpoint);
                WeightFile weights = WeightFile.create(directory.resolve(WEIGHTS))) {
            GraphBuilder graph = new GraphBuilder("reference", weights);
            new ReferenceGraph(graph, new CheckedTensors(opened), config).build();
            graph.writeTo(file);
        }
        return file;
    }

    private void build() throws IOException, ModelException {
        EncoderShape shape = config.shape();
        Value ids = graph.intInput(INPUT_IDS, Axis.free("B"), Axis.free("S"));
        Value mask = graph.intInput(ATTENTION_MASK, Axis.free("B"), Axis.free("S"));
        Value tokens = embed(ids, mask);
        Value positions = positions();
        ReferenceView view = new ReferenceView(ops, config, mask);
        for (int layer = 0; layer < shape.layers(); layer++) {
            tokens = new ReferenceLayer(ops, view, tensors, shape, layer).of(tokens, positions);
        }
        graph.floatOutput(GraphNames.HIDDEN_STATES, tokens, Axis.free("N"), Axis.fixed(shape.hiddenSize()));
    }

    private Value embed(Value ids, Value mask) throws IOException, ModelException {
        graph.enter("embeddings");
        EncoderShape shape = config.shape();
        Value words = ops.gather(tensors.wordEmbeddings(shape.hiddenSize()), ids, 0);
        Value normed = tensors.norm("embeddings.LayerNorm", shape.hiddenSize(), shape.layerNormEps())
                .of(ops, ops.reshape(words, -1, shape.hiddenSize()));
        Value isPadding = ops.less(ops.reshape(mask, -1, 1), graph.scalar(1));
        return ops.where(isPadding, graph.scalar(0f), normed);
    }

    private Value positions() throws IOException, ModelException {
        graph.enter("positions");
        EncoderShape shape = config.shape();
        Value embeddings =
                tensors.weight("encoder.rel_embeddings.weight", 2 * config.positionBuckets(), shape.hiddenSize());
        return tensors.norm("encoder.LayerNorm", shape.hiddenSize(), shape.layerNormEps())
                .of(ops, embeddings);
    }
}
