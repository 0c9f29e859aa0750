package io.nuner.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.nuner.engine.GraphWeight;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Check of a graph before native code reads it: standard operators only, no nested graphs, and weights only inside its own
 * file. One thread at a time.
 */
final class GraphCheck {
    static final int MAX_GRAPH_BYTES = 16 << 20;

    private final Path file;
    private final String weightsName;
    private final long weightsSize;
    private final WeightType type;
    private final List<WeightPlace> places = new ArrayList<>();

    private GraphCheck(Path file, ModelManifest.Entry weights, WeightType type) {
        this.file = file;
        this.weightsName = weights.path();
        this.weightsSize = weights.size();
        this.type = type;
    }

    /**
     * Checks one graph of an exported model.
     *
     * @param onnx content of the file
     * @param weights the file that belongs to it
     * @param type what the manifest says of the weights
     * @return where the weights outside of the graph lie in that file
     */
    static List<WeightPlace> check(Path file, byte[] onnx, ModelManifest.Entry weights, WeightType type)
            throws ModelException {
        try {
            GraphCheck check = new GraphCheck(file, weights, type);
            check.check(ModelProto.parseFrom(onnx));
            return check.places;
        } catch (InvalidProtocolBufferException e) {
            throw ModelException.of(file, "is no ONNX graph");
        }
    }

    private void check(ModelProto model) throws ModelException {
        GraphProto graph = model.getGraph();
        require(graph.getNodeCount() > 0, "has no operator");
        require(!hasUnknown(model) && !hasUnknown(graph), "holds functions, sparse tensors or other extensions");
        for (NodeProto node : graph.getNodeList()) {
            require(node.getDomain().isEmpty() && !hasUnknown(node), "holds the custom operator " + node.getOpType());
            for (AttributeProto attribute : node.getAttributeList()) {
                require(!hasUnknown(attribute), "holds a graph inside the operator " + node.getOpType());
            }
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            checkWeight(tensor);
        }
        boolean rounded = places.stream().anyMatch(place -> place.type() == GraphWeight.Type.INT8);
        require(
                rounded == (type == WeightType.INT8),
                "holds " + (rounded ? "" : "no ") + "int8 weights, but the manifest says that they are " + type);
    }

    private void checkWeight(TensorProto tensor) throws ModelException {
        require(!hasUnknown(tensor), "holds the unknown kind of weight " + tensor.getName());
        if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return;
        }
        Map<String, String> place = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            require(place.put(entry.getKey(), entry.getValue()) == null, "places a weight twice");
        }
        long offset = number(place.getOrDefault("offset", "0"));
        long length = number(place.getOrDefault("length", ""));
        boolean inside = weightsName.equals(place.get("location"))
                && offset >= 0
                && offset <= weightsSize
                && length >= 0
                && length <= weightsSize - offset;
        require(inside, "places the weight " + tensor.getName() + " outside " + weightsName);
        GraphWeight.Type values = type(tensor);
        boolean fits = length <= Integer.MAX_VALUE && length == size(values, tensor.getDimsList());
        require(fits, "has the weight " + tensor.getName() + " of " + length + " bytes, which its shape does not need");
        places.add(new WeightPlace(tensor.getName(), values, List.copyOf(tensor.getDimsList()), offset, length));
    }

    private GraphWeight.Type type(TensorProto tensor) throws ModelException {
        TensorProto.DataType stored = TensorProto.DataType.forNumber(tensor.getDataType());
        require(
                stored == TensorProto.DataType.FLOAT || stored == TensorProto.DataType.INT8,
                "has the weight " + tensor.getName() + " of type " + tensor.getDataType() + ", expected FLOAT or INT8");
        return stored == TensorProto.DataType.INT8 ? GraphWeight.Type.INT8 : GraphWeight.Type.FLOAT32;
    }

    /** Bytes of values of this shape; -1 if it is impossible. */
    private static long size(GraphWeight.Type values, List<Long> shape) {
        long size = values.bytes();
        for (long dimension : shape) {
            if (dimension < 0 || dimension > Integer.MAX_VALUE || size > Integer.MAX_VALUE) {
                return -1;
            }
            size *= dimension;
        }
        return size;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static boolean hasUnknown(Message message) {
        return !message.getUnknownFields().asMap().isEmpty();
    }

    private void require(boolean holds, String otherwise) throws ModelException {
        if (!holds) {
            throw ModelException.of(file, otherwise);
        }
    }

    /**
     * Where a weight lies in its file.
     *
     * @param shape dimensions, outermost first
     */
    record WeightPlace(String name, GraphWeight.Type type, List<Long> shape, long offset, long length) {}
}
