package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.format.onnx.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;

/**
 * The element type of every tensor of a graph, found by following its operators. Refuses what TensorRT's strong typing
 * refuses: inputs of an operator whose types differ, and tensors without a type. One thread at a time.
 */
final class ElementTypes {
    private final Map<String, DataType> types = new HashMap<>();

    private ElementTypes() {}

    /**
     * Types of all tensors by name.
     *
     * @throws TypingException naming the first operator or tensor that does not agree
     */
    static Map<String, DataType> of(GraphProto graph) throws TypingException {
        ElementTypes found = new ElementTypes();
        for (ValueInfoProto input : graph.getInputList()) {
            found.define(input.getName(), known(input.getName(), declared(input)));
        }
        for (TensorProto weight : graph.getInitializerList()) {
            found.define(weight.getName(), known(weight.getName(), weight.getDataType()));
        }
        for (NodeProto node : graph.getNodeList()) {
            found.follow(node);
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            found.requireDeclared(output);
        }
        return Map.copyOf(found.types);
    }

    private static int declared(ValueInfoProto value) {
        return value.getType().getTensorType().getElemType();
    }

    private void follow(NodeProto node) throws TypingException {
        if (node.getOutputCount() != 1) {
            throw new TypingException(
                    "holds " + node.getName() + " with " + node.getOutputCount() + " outputs, not one");
        }
        Operator.Signature signature = Operator.of(node).signature();
        DataType shared = DataType.UNDEFINED;
        for (int input = 0; input < node.getInputCount(); input++) {
            if (node.getInput(input).isEmpty()) {
                continue; // left out
            }
            DataType type = type(node, input);
            if (!signature.isShared(input)) {
                require(signature.others().contains(type), node, input, type, signature.others());
            } else {
                require(shared == DataType.UNDEFINED || shared == type, node, input, type, shared);
                shared = type;
            }
        }
        define(node.getOutput(0), known(node.getOutput(0), output(node, signature, shared)));
    }

    private DataType type(NodeProto node, int input) throws TypingException {
        DataType type = types.get(node.getInput(input));
        if (type == null) {
            throw new TypingException("reads " + node.getInput(input) + " in " + node.getName() + " before it is made");
        }
        return type;
    }

    private static void require(boolean agrees, NodeProto node, int input, DataType type, Object wanted)
            throws TypingException {
        if (!agrees) {
            throw new TypingException("feeds " + node.getName() + " with " + node.getInput(input) + " of type " + type
                    + " where it needs " + wanted);
        }
    }

    private static int output(NodeProto node, Operator.Signature signature, DataType shared) {
        return switch (signature) {
            case ALIKE, INDEXED, SELECTION, RECURRENCE -> shared.getNumber();
            case COMPARISON -> DataType.BOOL_VALUE;
            case SIZE -> DataType.INT64_VALUE;
            case CONVERSION ->
                node.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("to"))
                        .mapToInt(ElementTypes::number)
                        .findFirst()
                        .orElse(DataType.UNDEFINED_VALUE);
        };
    }

    private static int number(AttributeProto attribute) {
        return (int) attribute.getI();
    }

    private static DataType known(String name, int number) throws TypingException {
        DataType type = DataType.forNumber(number);
        if (type == null || type == DataType.UNDEFINED) {
            throw new TypingException("gives " + name + " the unknown element type " + number);
        }
        return type;
    }

    private void define(String name, DataType type) throws TypingException {
        if (types.putIfAbsent(name, type) != null) {
            throw new TypingException("makes " + name + " twice");
        }
    }

    private void requireDeclared(ValueInfoProto output) throws TypingException {
        DataType type = types.get(output.getName());
        if (type == null || type.getNumber() != declared(output)) {
            throw new TypingException("declares the output " + output.getName() + " as "
                    + DataType.forNumber(declared(output)) + ", but it is " + type);
        }
    }
}
