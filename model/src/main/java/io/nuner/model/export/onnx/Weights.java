package io.nuner.model.export.onnx;

import java.io.IOException;
import java.util.List;

/** The values of one weight, produced when they are written so that no whole model lies on the heap. */
public interface Weights {
    /** Dimensions, outermost first. */
    List<Integer> shape();

    /** Hands all values over in row-major order. */
    void writeTo(FloatSink sink) throws IOException;

    /** Weights that are computed, or too small to stream. Shares the array. */
    static Weights wrap(float[] values, Integer... shape) {
        List<Integer> dimensions = List.of(shape);
        return new Weights() {
            @Override
            public List<Integer> shape() {
                return dimensions;
            }

            @Override
            public void writeTo(FloatSink sink) throws IOException {
                sink.put(values, values.length);
            }
        };
    }
}
