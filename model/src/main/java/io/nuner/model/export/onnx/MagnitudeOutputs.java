package io.nuner.model.export.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.engine.ModelGraph;
import io.nuner.model.export.onnx.GraphBuilder.Axis;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.AttributeProto.AttributeType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Outputs added to a finished float32 graph: for the weight of each linear layer, of each input the largest magnitude over all
 * rows that the layer reads. One thread at a time.
 */
final class MagnitudeOutputs {
    private static final String PREFIX = "magnitudes/";
    private static final String FIRST_AXIS = PREFIX + "axis";

    private final GraphProto.Builder graph;

    private MagnitudeOutputs(GraphProto.Builder graph) {
        this.graph = graph;
    }

    /** The graph with these outputs; it shares the weights. */
    static ModelGraph addedTo(ModelGraph graph) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(graph.onnx()).toBuilder();
            new MagnitudeOutputs(model.getGraphBuilder()).add();
            return new ModelGraph(graph.file(), model.build().toByteArray(), graph.weights(), graph::requireUnchanged);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(graph.file() + " is no ONNX graph", e);
        }
    }

    /** The weight that an output belongs to. */
    static String weightOf(String output) {
        return output.substring(PREFIX.length());
    }

    private void add() {
        Map<String, List<String>> layers = inputsByWeight();
        for (TensorProto weight : List.copyOf(graph.getInitializerList())) {
            List<String> inputs = layers.get(weight.getName());
            if (inputs != null) {
                add(PREFIX + weight.getName(), inputs, weight.getDims(1));
            }
        }
        graph.addInitializer(TensorProto.newBuilder()
                .setName(FIRST_AXIS)
                .setDataType(DataType.INT64.getNumber())
                .addDims(1)
                .addInt64Data(0));
    }

    /** What the linear layers read: several tensors where a layer is applied several times. */
    private Map<String, List<String>> inputsByWeight() {
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals(Operators.LINEAR)) {
                inputs.computeIfAbsent(node.getInput(1), weight -> new ArrayList<>())
                        .add(node.getInput(0));
            }
        }
        return inputs;
    }

    private void add(String output, List<String> inputs, long size) {
        List<String> largest = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            String magnitudes = output + "/Abs" + i;
            graph.addNode(node("Abs", magnitudes, inputs.get(i)));
            largest.add(output + "/ReduceMax" + i);
            graph.addNode(node("ReduceMax", largest.get(i), magnitudes, FIRST_AXIS)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("keepdims")
                            .setType(AttributeType.INT)
                            .setI(0)));
        }
        graph.addNode(node("Max", output, largest.toArray(String[]::new)));
        graph.addOutput(GraphBuilder.declare(output, DataType.FLOAT, Axis.fixed(size)));
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }
}
