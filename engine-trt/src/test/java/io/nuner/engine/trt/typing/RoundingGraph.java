package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.AttributeProto.AttributeType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A typed graph as one that computes in float32 and rounds: each operator on half values is done in float32 and its result
 * rounded to half and back. Stands in for a runtime that computes in these types. One thread at a time.
 *
 * <p>A layer norm on half values is done in its single steps, each rounded, as a runtime without a fused kernel does.
 */
final class RoundingGraph {
    private static final Set<DataType> HALVES = EnumSet.of(DataType.FLOAT16, DataType.BFLOAT16);

    private final Map<String, DataType> types;
    private final GraphProto.Builder rounding = GraphProto.newBuilder();

    private RoundingGraph(Map<String, DataType> types) {
        this.types = types;
    }

    /** Writes it beside the typed graph, whose weights it shares. */
    static Path of(Path typed) throws IOException, TypingException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(typed));
        RoundingGraph rounding = new RoundingGraph(ElementTypes.of(model.getGraph()));
        rounding.build(model.getGraph());
        Path file = typed.resolveSibling("rounding-" + typed.getFileName());
        Files.write(file, model.toBuilder().setGraph(rounding.rounding).build().toByteArray());
        return file;
    }

    static TypedModel.GraphPair of(TypedModel.GraphPair typed) throws IOException, TypingException {
        return new TypedModel.GraphPair(of(typed.encoder()), of(typed.head()));
    }

    private void build(GraphProto typed) {
        rounding.setName(typed.getName()).addAllInput(typed.getInputList()).addAllOutput(typed.getOutputList());
        for (TensorProto tensor : typed.getInitializerList()) {
            boolean half = isHalf(tensor.getName());
            rounding.addInitializer(half ? tensor.toBuilder().setName(tensor.getName() + "/half") : tensor.toBuilder());
            if (half) {
                cast(tensor.getName() + "/half", tensor.getName(), DataType.FLOAT);
            }
        }
        for (NodeProto node : typed.getNodeList()) {
            add(node);
        }
    }

    private void add(NodeProto node) {
        String result = node.getOutput(0);
        if (node.getOpType().equals("Cast") && (isHalf(result) || isHalf(node.getInput(0)))) {
            put("Identity", List.of(node.getInput(0)), result + "/wide", List.of());
        } else if (node.getOpType().equals("LayerNormalization") && isHalf(result)) {
            norm(node);
        } else {
            put(node.getOpType(), node.getInputList(), result + "/wide", node.getAttributeList());
        }
        round(result);
    }

    /** The value under its name, from the exact one. */
    private void round(String result) {
        if (isHalf(result)) {
            cast(result + "/wide", result + "/half", type(result));
            cast(result + "/half", result, DataType.FLOAT);
        } else {
            put("Identity", List.of(result + "/wide"), result, List.of());
        }
    }

    private void norm(NodeProto node) {
        String name = node.getOutput(0);
        DataType half = type(name);
        float epsilon = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("epsilon"))
                .findFirst()
                .orElseThrow()
                .getF();
        rounding.addInitializer(TensorProto.newBuilder()
                .setName(name + "/last")
                .addDims(1)
                .setDataType(DataType.INT64_VALUE)
                .addInt64Data(-1));
        rounding.addInitializer(TensorProto.newBuilder()
                .setName(name + "/epsilon")
                .setDataType(DataType.FLOAT_VALUE)
                .addFloatData(epsilon));
        String mean = step("ReduceMean", List.of(node.getInput(0), name + "/last"), name + "/mean", half);
        String centred = step("Sub", List.of(node.getInput(0), mean), name + "/centred", half);
        String squares = step("Mul", List.of(centred, centred), name + "/squares", half);
        String variance = step("ReduceMean", List.of(squares, name + "/last"), name + "/variance", half);
        String padded = step("Add", List.of(variance, name + "/epsilon"), name + "/padded", half);
        String deviation = step("Sqrt", List.of(padded), name + "/deviation", half);
        String normal = step("Div", List.of(centred, deviation), name + "/normal", half);
        String scaled = step("Mul", List.of(normal, node.getInput(1)), name + "/scaled", half);
        put("Add", List.of(scaled, node.getInput(2)), name + "/wide", List.of());
    }

    private String step(String operator, List<String> inputs, String result, DataType half) {
        put(operator, inputs, result + "/wide", List.of());
        cast(result + "/wide", result + "/half", half);
        cast(result + "/half", result, DataType.FLOAT);
        return result;
    }

    private void cast(String from, String to, DataType type) {
        AttributeProto.Builder target = AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeType.INT)
                .setI(type.getNumber());
        put("Cast", List.of(from), to, List.of(target.build()));
    }

    private void put(String operator, List<String> inputs, String result, List<AttributeProto> attributes) {
        rounding.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(result)
                .addAllInput(inputs)
                .addOutput(result)
                .addAllAttribute(attributes));
    }

    private DataType type(String value) {
        return types.getOrDefault(value, DataType.UNDEFINED);
    }

    private boolean isHalf(String value) {
        return HALVES.contains(type(value));
    }
}
