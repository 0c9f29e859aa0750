package io.nuner.model.export.onnx;

import java.io.IOException;
import java.util.List;

/** The values of one weight, produced when they are written so that no whole model lies on the heap. */
public interface Weights {
    /** Dimensions, outermost first. */
    List<Integer> shape();

    /** Hands all values over in row-major order. */
    void writeTo(Sink sink) throws IOException;

    /** Weights that are computed, or too small to stream. Shares the array. */
    static Weights wrap(float[] values, Integer... shape) {
        List<Integer> dimensions = List.of(shape);
        return new Weights() {
            @Override
            public List<Integer> shape() {
                return dimensions;
            }

            @Override
            public void writeTo(Sink sink) throws IOException {
                sink.put(values, values.length);
            }
        };
    }

    /** Takes the values of a tensor in row-major order, piece by piece. One thread at a time. */
    @FunctionalInterface
    interface Sink {
        /** Takes the first {@code count} values of {@code values}; keeps no reference. */
        void put(float[] values, int count) throws IOException;
    }
}
