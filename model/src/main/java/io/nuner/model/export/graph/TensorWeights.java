package io.nuner.model.export.graph;

import io.nuner.engine.GraphWeight;
import io.nuner.model.export.checkpoint.StoredTensor;
import io.nuner.model.export.onnx.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ways to write tensors of a checkpoint as float32: as they are, one below the other, or scaled. Each streams. */
final class TensorWeights {
    private static final int CHUNK = 1 << 16;

    private TensorWeights() {}

    /** The tensor as it is. */
    static Weights of(StoredTensor tensor) {
        return stacked(List.of(part(tensor)));
    }

    /** A whole tensor, to be stacked. */
    static Part part(StoredTensor tensor) {
        return new Part(tensor, 0, tensor.size(), 1);
    }

    /** A whole tensor times a factor, to be stacked. */
    static Part scaled(StoredTensor tensor, float factor) {
        return new Part(tensor, 0, tensor.size(), factor);
    }

    /** Part {@code index} of {@code count} equal groups of rows, to be stacked. */
    static Part rows(StoredTensor tensor, int index, int count) {
        int size = tensor.size() / count;
        return new Part(tensor, index * size, size, 1);
    }

    /** Rows one below the other; all parts have the row length of the first. */
    static Weights stacked(List<Part> parts) {
        List<Integer> shape = new ArrayList<>(parts.get(0).tensor().shape());
        int values = parts.stream().mapToInt(Part::count).reduce(0, Math::addExact);
        int rowLength = parts.get(0).tensor().size() / shape.get(0);
        shape.set(0, values / rowLength);
        return weights(shape, parts);
    }

    /** As {@link #stacked}, in the given shape. */
    static Weights stackedAs(List<Integer> shape, List<Part> parts) {
        return weights(shape, parts);
    }

    private static Weights weights(List<Integer> shape, List<Part> parts) {
        return Weights.of(GraphWeight.Type.FLOAT32, shape, sink -> {
            float[] chunk = new float[CHUNK];
            for (Part part : parts) {
                part.writeTo(sink, chunk);
            }
        });
    }

    /** A run of values of a tensor and a factor for them. Immutable. */
    record Part(StoredTensor tensor, int from, int count, float factor) {
        void writeTo(Weights.Sink sink, float[] chunk) throws IOException {
            for (int done = 0; done < count; done += chunk.length) {
                int size = Math.min(chunk.length, count - done);
                tensor.read(from + done, chunk, size);
                scale(chunk, size);
                sink.put(chunk, size);
            }
        }

        private void scale(float[] chunk, int size) {
            if (factor == 1) {
                return;
            }
            for (int i = 0; i < size; i++) {
                chunk[i] *= factor;
            }
        }
    }
}
