package io.nuner.engine.trt.typing;

import io.nuner.engine.EngineException;
import io.nuner.engine.GraphWeight;
import io.nuner.engine.ModelGraph;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads graphs that no manifest lists. */
final class GraphFile {
    private GraphFile() {}

    /**
     * Reads a graph and maps its weights, which lie in files beside it.
     *
     * @throws EngineException naming the graph, if it or a weight cannot be read
     */
    static ModelGraph read(Path graph) throws EngineException {
        try {
            byte[] onnx = Files.readAllBytes(graph);
            List<GraphWeight> weights = new ArrayList<>();
            for (TensorProto tensor : ModelProto.parseFrom(onnx).getGraph().getInitializerList()) {
                if (WeightPlace.isOutside(tensor)) {
                    weights.add(new GraphWeight(tensor.getName(), tensor.getDimsList(), map(graph, tensor)));
                }
            }
            return new ModelGraph(graph, onnx, weights, () -> {});
        } catch (IOException | TypingException e) {
            throw EngineException.cannotOpen(graph + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer map(Path graph, TensorProto tensor) throws IOException, TypingException {
        WeightPlace place = WeightPlace.of(tensor);
        try (FileChannel file = FileChannel.open(graph.resolveSibling(place.file()), StandardOpenOption.READ)) {
            if (place.offset() > file.size() || place.length() > file.size() - place.offset()) {
                throw new TypingException("places the weight " + tensor.getName() + " beyond the end of its file");
            }
            return file.map(FileChannel.MapMode.READ_ONLY, place.offset(), place.length());
        }
    }
}
