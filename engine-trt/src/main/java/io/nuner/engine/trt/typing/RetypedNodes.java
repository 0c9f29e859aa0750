package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.AttributeProto.AttributeType;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The operators of a graph with casts where types meet: one for each value that is read in another type than it is held in,
 * before its first reader. One thread at a time.
 */
final class RetypedNodes {
    private final HalfTyping typing;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, String> casts = new HashMap<>();

    private RetypedNodes(HalfTyping typing) {
        this.typing = typing;
    }

    static List<NodeProto> of(GraphProto graph, HalfTyping typing) throws TypingException {
        RetypedNodes retyped = new RetypedNodes(typing);
        for (NodeProto node : graph.getNodeList()) {
            retyped.add(node);
        }
        return retyped.nodes;
    }

    private void add(NodeProto node) throws TypingException {
        if (!typing.computesFloats(node)) {
            nodes.add(node);
            return;
        }
        Operator.Signature signature = Operator.of(node).signature();
        NodeProto.Builder retyped = node.toBuilder();
        for (int input = 0; input < node.getInputCount(); input++) {
            if (signature.isShared(input) && !node.getInput(input).isEmpty()) {
                retyped.setInput(input, read(node.getInput(input), typing.computed(node)));
            }
        }
        addRounded(node.getOutput(0), typing.computed(node), retyped);
    }

    private void addRounded(String result, DataType computed, NodeProto.Builder node) {
        boolean rounds = computed == DataType.FLOAT && isHalf(typing.held(result));
        String exact = rounds ? result + "/exact" : result;
        nodes.add(node.setName(exact).setOutput(0, exact).build());
        if (rounds) {
            addCast(exact, result, typing.held(result));
        }
    }

    private static boolean isHalf(DataType type) {
        return type == DataType.FLOAT16 || type == DataType.BFLOAT16;
    }

    /** The name under which a value has this type. */
    private String read(String value, DataType type) {
        return typing.held(value) == type ? value : casts.computeIfAbsent(value, name -> cast(name, type));
    }

    private String cast(String value, DataType type) {
        String name = value + "/as_" + type.name().toLowerCase(Locale.ROOT);
        addCast(value, name, type);
        return name;
    }

    private void addCast(String from, String to, DataType type) {
        nodes.add(NodeProto.newBuilder()
                .setOpType("Cast")
                .setName(to)
                .addInput(from)
                .addOutput(to)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeType.INT)
                        .setI(type.getNumber()))
                .build());
    }
}
