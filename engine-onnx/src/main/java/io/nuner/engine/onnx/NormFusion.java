package io.nuner.engine.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one operator of ONNX Runtime's own of a layer norm and the sum before it, and of a bias before that. ONNX Runtime does so
 * itself where values have three dimensions; ours have two. In the version we use, the norm alone takes four times as long as the one
 * operator (docs/adr/0028). One thread at a time.
 *
 * <p>The two summands must have one shape, as in every export: the operator refuses others when it runs.
 */
final class NormFusion {
    private static final String DOMAIN = "com.microsoft";
    private static final int NORM_INPUTS = 3;
    private static final int SUMMANDS = 2;

    private final GraphProto graph;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    /** Shapes of the weights. */
    private final Map<String, List<Long>> shapes = new HashMap<>();
    /** Outputs of the sums that are part of a norm now. */
    private final Set<String> merged = new HashSet<>();

    private NormFusion(GraphProto graph) {
        this.graph = graph;
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            node.getInputList().forEach(input -> readers.merge(input, 1, Integer::sum));
        }
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
        graph.getInitializerList().forEach(weight -> shapes.put(weight.getName(), weight.getDimsList()));
    }

    /** The graph with such operators; the same bytes if it has no such norm, or is no graph, which is ONNX Runtime's to say. */
    static byte[] in(byte[] onnx) {
        try {
            ModelProto model = ModelProto.parseFrom(onnx);
            NormFusion fusion = new NormFusion(model.getGraph());
            GraphProto fused = fusion.fused();
            return fusion.merged.isEmpty() ? onnx : of(model, fused).toByteArray();
        } catch (InvalidProtocolBufferException e) {
            return onnx;
        }
    }

    private static ModelProto of(ModelProto model, GraphProto graph) {
        return model.toBuilder()
                .setGraph(graph)
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1))
                .build();
    }

    private GraphProto fused() {
        List<NodeProto> nodes = graph.getNodeList().stream().map(this::fused).toList();
        return graph.toBuilder()
                .clearNode()
                .addAllNode(nodes.stream()
                        .filter(node -> node.getOutputList().stream().noneMatch(merged::contains))
                        .toList())
                .build();
    }

    private NodeProto fused(NodeProto node) {
        if (!isNormOfLastAxis(node)) {
            return node;
        }
        return sum(node.getInput(0)).map(sum -> fused(sum, node)).orElse(node);
    }

    private NodeProto fused(NodeProto sum, NodeProto norm) {
        List<String> inputs = new ArrayList<>(sum.getInputList());
        inputs.addAll(norm.getInputList().subList(1, NORM_INPUTS));
        merged.add(sum.getOutput(0));
        absorbBias(inputs);
        return NodeProto.newBuilder()
                .setOpType("SkipLayerNormalization")
                .setDomain(DOMAIN)
                .setName(norm.getName())
                .addAllInput(inputs)
                .addAllOutput(norm.getOutputList())
                .addAllAttribute(norm.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .toList())
                .build();
    }

    /** If a summand is itself a value and a bias, the value takes its place and the bias becomes the last input. */
    private void absorbBias(List<String> inputs) {
        List<Long> shape = shapes.get(inputs.get(SUMMANDS)); // of the gain
        for (int side = 0; side < SUMMANDS; side++) {
            Optional<NodeProto> biased =
                    add(inputs.get(side)).filter(node -> shape != null && shape.equals(shapes.get(node.getInput(1))));
            if (biased.isPresent()) {
                merged.add(inputs.get(side));
                inputs.set(side, biased.get().getInput(0));
                inputs.add(biased.get().getInput(1));
                return;
            }
        }
    }

    private static boolean isNormOfLastAxis(NodeProto node) {
        return node.getOpType().equals("LayerNormalization")
                && node.getDomain().isEmpty()
                && node.getInputCount() == NORM_INPUTS
                && node.getOutputCount() == 1
                && node.getAttributeList().stream()
                        .anyMatch(attribute -> attribute.getName().equals("epsilon"))
                && node.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("axis"))
                        .mapToLong(AttributeProto::getI)
                        .allMatch(axis -> axis == -1);
    }

    /** The sum of two values that are computed. */
    private Optional<NodeProto> sum(String value) {
        return add(value).filter(node -> node.getInputList().stream().noneMatch(shapes::containsKey));
    }

    /** The addition that gives a value which nothing else reads. */
    private Optional<NodeProto> add(String value) {
        return Optional.ofNullable(producers.get(value))
                .filter(node -> node.getOpType().equals("Add")
                        && node.getDomain().isEmpty()
                        && node.getInputCount() == SUMMANDS
                        && node.getOutputCount() == 1)
                .filter(node -> readers.getOrDefault(value, 0) == 1);
    }
}
