package io.nuner.engine.trt.typing;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineException;
import io.nuner.engine.GraphNames;
import io.nuner.engine.GraphWeight;
import io.nuner.engine.ModelGraph;
import io.nuner.files.FileProblem;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorShapeProto;
import io.nuner.model.format.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Types exported float32 graphs in half precision with islands of float32; the rules are those of docs/adr/0014. Any thread.
 *
 * <p>Inputs and outputs keep names, shapes and types, so that the result takes the place of the graph it was made of.
 */
public final class HalfGraphs {
    /** Changes whenever the same graph is typed otherwise. */
    public static final String VERSION = "1";

    private final GraphProto graph;
    private final HalfTyping typing;
    private final HalfType half;

    private HalfGraphs(GraphProto graph, HalfTyping typing, HalfType half) {
        this.graph = graph;
        this.typing = typing;
        this.half = half;
    }

    /**
     * Writes the typed graph and its weights under their old names into another directory. Takes seconds for a large model,
     * and a few megabytes of heap.
     *
     * @param graph a graph of an exported model
     * @param directory where to write; holds no file of these names. What was written stays if this fails
     * @throws EngineException naming the graph, and the operator or the weight that cannot be typed
     */
    public static TypedGraph write(ModelGraph graph, Path directory, Precision precision) throws EngineException {
        return write(graph, directory, HalfType.of(precision), HalfTyping.Rules.standard());
    }

    /** The same with other rules. */
    static TypedGraph write(ModelGraph graph, Path directory, HalfType half, HalfTyping.Rules rules)
            throws EngineException {
        requireFloat32(graph);
        try {
            ModelProto model = ModelProto.parseFrom(graph.onnx());
            HalfTyping typing = HalfTyping.of(model.getGraph(), rules, half.element());
            HalfGraphs writing = new HalfGraphs(model.getGraph(), typing, half);
            String weights = writing.weightFile();
            int hiddenSize = hiddenSize(writing.graph);
            GraphProto typed = writing.write(graph.weights(), directory.resolve(weights));
            graph.requireUnchanged();
            Path file = directory.resolve(graph.file().getFileName());
            ModelProto result = ModelProto.newBuilder()
                    .setIrVersion(model.getIrVersion())
                    .setProducerName(model.getProducerName())
                    .addAllOpsetImport(model.getOpsetImportList())
                    .setGraph(typed)
                    .build();
            Files.write(file, result.toByteArray(), StandardOpenOption.CREATE_NEW);
            return new TypedGraph(file, directory.resolve(weights), hiddenSize);
        } catch (IOException e) {
            throw EngineException.cannotOpen(
                    graph.file() + ": cannot be typed as " + half.label() + ": " + FileProblem.reasonOfWritingBelow(e),
                    e);
        } catch (TypingException e) {
            throw EngineException.cannotOpen(graph.file() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a graph with weights that are rounded already.
     *
     * @throws EngineException naming the graph
     */
    public static void requireFloat32(ModelGraph graph) throws EngineException {
        for (GraphWeight weight : graph.weights()) {
            if (weight.type() != GraphWeight.Type.FLOAT32) {
                throw EngineException.cannotOpen(
                        graph.file()
                                + ": holds int8 weights, which run on a CPU only (--engine onnx); half precision is"
                                + " made of float32 weights: export the checkpoint with --weights float32",
                        new IllegalArgumentException(weight.name()));
            }
        }
    }

    private GraphProto write(List<GraphWeight> sources, Path target) throws IOException, TypingException {
        GraphProto.Builder typed = GraphProto.newBuilder()
                .setName(graph.getName())
                .addAllInput(graph.getInputList())
                .addAllOutput(graph.getOutputList())
                .addAllNode(RetypedNodes.of(graph, typing));
        try (WeightCopy weights = WeightCopy.open(half, sources, target)) {
            for (TensorProto tensor : graph.getInitializerList()) {
                boolean rounds = typing.held(tensor.getName()) == half.element();
                typed.addInitializer(WeightPlace.isOutside(tensor) ? weights.copy(tensor, rounds) : tensor);
            }
        }
        GraphProto result = typed.build();
        ElementTypes.of(result); // what TensorRT would refuse is a mistake here, and better found here
        return result;
    }

    private String weightFile() throws TypingException {
        String file = "";
        for (TensorProto tensor : graph.getInitializerList()) {
            if (WeightPlace.isOutside(tensor)) {
                String own = WeightPlace.of(tensor).file();
                if (!file.isEmpty() && !file.equals(own)) {
                    throw new TypingException("has its weights in several files");
                }
                file = own;
            }
        }
        if (file.isEmpty()) {
            throw new TypingException("has no weights in a file beside it");
        }
        return file;
    }

    /**
     * Size of a hidden state, read from a graph that has them as input or output.
     *
     * @throws EngineException naming the graph
     */
    public static int hiddenSize(ModelGraph graph) throws EngineException {
        try {
            return hiddenSize(ModelProto.parseFrom(graph.onnx()).getGraph());
        } catch (IOException | TypingException e) {
            throw EngineException.cannotOpen(graph.file() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static int hiddenSize(GraphProto graph) throws TypingException {
        for (ValueInfoProto value : Stream.concat(graph.getInputList().stream(), graph.getOutputList().stream())
                .toList()) {
            TensorShapeProto shape = value.getType().getTensorType().getShape();
            if (value.getName().equals(GraphNames.HIDDEN_STATES)
                    && shape.getDimCount() == 2
                    && shape.getDim(1).getDimValue() > 0) {
                return Math.toIntExact(shape.getDim(1).getDimValue());
            }
        }
        throw new TypingException("has no " + GraphNames.HIDDEN_STATES + " of a fixed size");
    }

    /**
     * A graph that was typed. Immutable.
     *
     * @param graph ONNX file; names, shapes and types of its inputs and outputs are those of the float32 graph
     * @param weights the file beside it that holds its weights
     * @param hiddenSize size of a hidden state, called H in {@link io.nuner.engine.GraphNames}
     */
    public record TypedGraph(Path graph, Path weights, int hiddenSize) {
        public TypedGraph {
            if (hiddenSize < 1) {
                throw new IllegalArgumentException("hiddenSize must be positive, but is " + hiddenSize);
            }
        }
    }
}
