package io.nuner.model.export.onnx;

import io.nuner.engine.GraphWeight;
import java.io.IOException;
import java.util.List;

/** The values of one weight, produced when they are written so that no whole model lies on the heap. */
public interface Weights {
    /** Dimensions, outermost first. */
    List<Integer> shape();

    /** What the values are. */
    default GraphWeight.Type type() {
        return GraphWeight.Type.FLOAT32;
    }

    /** Hands all values over in row-major order, all in the way of their type. */
    void writeTo(Sink sink) throws IOException;

    /** Weights that are computed, or too small to stream. Shares the array. */
    static Weights wrap(float[] values, Integer... shape) {
        return of(GraphWeight.Type.FLOAT32, List.of(shape), sink -> sink.put(values, values.length));
    }

    /** The same of whole numbers. Shares the array. */
    static Weights wrap(byte[] values, Integer... shape) {
        return of(GraphWeight.Type.INT8, List.of(shape), sink -> sink.put(values, values.length));
    }

    /** Weights that a source hands over. */
    static Weights of(GraphWeight.Type type, List<Integer> shape, Source source) {
        List<Integer> dimensions = List.copyOf(shape);
        return new Weights() {
            @Override
            public List<Integer> shape() {
                return dimensions;
            }

            @Override
            public GraphWeight.Type type() {
                return type;
            }

            @Override
            public void writeTo(Sink sink) throws IOException {
                source.writeTo(sink);
            }
        };
    }

    /** Hands values over. */
    @FunctionalInterface
    interface Source {
        /** As {@link Weights#writeTo}. */
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes the values of a tensor in row-major order, piece by piece. One thread at a time. */
    interface Sink {
        /** Takes the first {@code count} values of {@code values}; keeps no reference. */
        void put(float[] values, int count) throws IOException;

        /** The same for whole numbers. */
        void put(byte[] values, int count) throws IOException;
    }
}
