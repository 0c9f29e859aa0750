package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.format.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The type in which each operator of a float32 graph is to compute and each value is to be held. Immutable once made.
 *
 * <p>Graph inputs and outputs stay float32, with the values from which an output is only moved. Weights take the type of
 * their readers: float32 if one of these computes in it. Constants inside the graph file stay float32.
 */
final class HalfTyping {
    private final GraphProto graph;
    private final Map<String, DataType> original;
    private final Rules rules;
    private final DataType half;
    private final Set<String> exact = new HashSet<>();
    private final Map<String, DataType> computed = new HashMap<>();
    private final Map<String, DataType> held = new HashMap<>();

    private HalfTyping(GraphProto graph, Map<String, DataType> original, Rules rules, DataType half) {
        this.graph = graph;
        this.original = original;
        this.rules = rules;
        this.half = half;
    }

    /**
     * Decides on the types of a float32 graph.
     *
     * @param half FLOAT16 or BFLOAT16
     * @throws TypingException if the graph is not well typed, holds an operator without a rule, or is half already
     */
    static HalfTyping of(GraphProto graph, Rules rules, DataType half) throws TypingException {
        Map<String, DataType> original = ElementTypes.of(graph);
        if (original.containsValue(DataType.FLOAT16) || original.containsValue(DataType.BFLOAT16)) {
            throw new TypingException("holds 16-bit floats already; only float32 graphs can be typed");
        }
        HalfTyping typing = new HalfTyping(graph, original, rules, half);
        typing.demandExactOutputs();
        typing.holdInputs();
        typing.typeOperators();
        typing.holdWeights();
        return typing;
    }

    /** False for operators on whole numbers and conditions alone, which stay as they are. */
    boolean computesFloats(NodeProto node) {
        return computed.containsKey(node.getOutput(0));
    }

    /** FLOAT or the half type; {@link #computesFloats} must be true. */
    DataType computed(NodeProto node) {
        return computed.getOrDefault(node.getOutput(0), DataType.UNDEFINED);
    }

    /** The type in which a value is held. */
    DataType held(String value) {
        return held.getOrDefault(value, original.getOrDefault(value, DataType.UNDEFINED));
    }

    private void demandExactOutputs() throws TypingException {
        for (ValueInfoProto output : graph.getOutputList()) {
            exact.add(output.getName());
        }
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (exact.contains(node.getOutput(0)) && rules.of(node) == Operator.Computation.CARRY) {
                exact.addAll(floats(node));
            }
        }
    }

    private void holdInputs() {
        for (ValueInfoProto input : graph.getInputList()) {
            holdFloat(input.getName(), DataType.FLOAT);
        }
        for (TensorProto constant : graph.getInitializerList()) {
            if (!WeightPlace.isOutside(constant)) {
                holdFloat(constant.getName(), DataType.FLOAT);
            }
        }
    }

    private void typeOperators() throws TypingException {
        for (NodeProto node : graph.getNodeList()) {
            List<String> inputs = floats(node);
            if (!inputs.isEmpty()) {
                DataType type = computedIn(node, inputs);
                computed.put(node.getOutput(0), type);
                boolean rounded =
                        rules.of(node) == Operator.Computation.FLOAT_THEN_HALF && !exact.contains(node.getOutput(0));
                holdFloat(node.getOutput(0), rounded ? half : type);
            }
        }
    }

    private DataType computedIn(NodeProto node, List<String> inputs) throws TypingException {
        if (exact.contains(node.getOutput(0))) {
            return DataType.FLOAT;
        }
        return switch (rules.of(node)) {
            case HALF -> half;
            case FLOAT, FLOAT_THEN_HALF -> DataType.FLOAT;
            case CARRY -> inputs.stream().anyMatch(this::isHeldInFloat) ? DataType.FLOAT : half;
        };
    }

    private boolean isHeldInFloat(String value) {
        return held.get(value) == DataType.FLOAT;
    }

    private void holdWeights() throws TypingException {
        Set<String> inFloat = new HashSet<>(exact);
        for (NodeProto node : graph.getNodeList()) {
            if (computed(node) == DataType.FLOAT) {
                inFloat.addAll(floats(node));
            }
        }
        for (TensorProto weight : graph.getInitializerList()) {
            if (WeightPlace.isOutside(weight)) {
                holdFloat(weight.getName(), inFloat.contains(weight.getName()) ? DataType.FLOAT : half);
            }
        }
    }

    private void holdFloat(String value, DataType type) {
        if (original.get(value) == DataType.FLOAT) {
            held.put(value, type);
        }
    }

    /** The float32 inputs of a node that are of the type it computes in. */
    private List<String> floats(NodeProto node) throws TypingException {
        Operator.Signature signature = Operator.of(node).signature();
        List<String> floats = new ArrayList<>();
        for (int input = 0; input < node.getInputCount(); input++) {
            if (signature.isShared(input) && original.get(node.getInput(input)) == DataType.FLOAT) {
                floats.add(node.getInput(input));
            }
        }
        return floats;
    }

    /** Says in which type operators compute. */
    @FunctionalInterface
    interface Rules {
        Operator.Computation of(NodeProto node) throws TypingException;

        /** Those of the table. */
        static Rules standard() {
            return node -> Operator.of(node).computation();
        }
    }
}
