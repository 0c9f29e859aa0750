package io.nuner.engine.trt.typing;

import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;

/** The weights of a graph as they lie in the file beside it, small enough to read whole. One thread at a time. */
final class StoredWeights {
    private final GraphProto graph;
    private final Path file;
    private final ByteBuffer bytes;

    private StoredWeights(GraphProto graph, Path file, ByteBuffer bytes) {
        this.graph = graph;
        this.file = file;
        this.bytes = bytes;
    }

    static StoredWeights of(Path graph) {
        try {
            GraphProto proto = TypedModel.read(graph);
            Path file = graph.resolveSibling(graph.getFileName().toString().replace(".onnx", ".weights"));
            byte[] bytes = Files.readAllBytes(file);
            return new StoredWeights(proto, file, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<TensorProto> tensors() {
        return graph.getInitializerList().stream()
                .filter(WeightPlace::isOutside)
                .toList();
    }

    long fileSize() {
        return bytes.capacity();
    }

    ByteBuffer bytes(TensorProto tensor) {
        WeightPlace place = place(tensor);
        return bytes.slice((int) place.offset(), (int) place.length()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where a weight of any type lies. */
    static WeightPlace place(TensorProto tensor) {
        List<String> values = tensor.getExternalDataList().stream()
                .map(entry -> entry.getValue())
                .toList();
        return new WeightPlace(values.get(0), Long.parseLong(values.get(1)), Long.parseLong(values.get(2)));
    }

    /** Changes the float32 weights of some names in the file. */
    void change(Predicate<String> names, DoubleUnaryOperator change) throws IOException {
        for (TensorProto tensor : tensors()) {
            if (names.test(tensor.getName())) {
                ByteBuffer values = bytes(tensor);
                for (int at = 0; at < values.limit(); at += Float.BYTES) {
                    values.putFloat(at, (float) change.applyAsDouble(values.getFloat(at)));
                }
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(bytes.duplicate().rewind());
        }
    }
}
