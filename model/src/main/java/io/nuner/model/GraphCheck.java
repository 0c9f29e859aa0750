package io.nuner.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks through a graph before native code does: standard operators only, nothing nested, and weights only inside the one
 * file that belongs to it. One thread at a time.
 */
final class GraphCheck {
    private static final long MAX_GRAPH_BYTES = 16 << 20;

    private final Path file;
    private final String weightsName;
    private final long weightsSize;

    private GraphCheck(Path file, String weightsName, long weightsSize) {
        this.file = file;
        this.weightsName = weightsName;
        this.weightsSize = weightsSize;
    }

    /** Checks one graph of an exported model. */
    static void check(Path directory, String graph, String weights) throws ModelException {
        Path file = directory.resolve(graph);
        try {
            if (Files.size(file) > MAX_GRAPH_BYTES) {
                throw ModelException.of(file, "is larger than " + MAX_GRAPH_BYTES + " bytes");
            }
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            new GraphCheck(file, weights, Files.size(directory.resolve(weights))).check(model);
        } catch (InvalidProtocolBufferException e) {
            throw ModelException.of(file, "is no ONNX graph");
        } catch (IOException e) {
            throw ModelException.of(file, e);
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
    }

    private void checkWeight(TensorProto tensor) throws ModelException {
        require(!hasUnknown(tensor), "holds the unknown kind of weight " + tensor.getName());
        if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return;
        }
        Map<String, String> place = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            place.put(entry.getKey(), entry.getValue());
        }
        long offset = number(place.getOrDefault("offset", "0"));
        long length = number(place.getOrDefault("length", ""));
        boolean inside = weightsName.equals(place.get("location"))
                && offset >= 0
                && offset <= weightsSize
                && length >= 0
                && length <= weightsSize - offset;
        require(inside, "places the weight " + tensor.getName() + " outside " + weightsName);
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
}
