package io.nuner.model.export.onnx;

import java.io.IOException;

/** Takes the values of a tensor in row-major order, piece by piece. One thread at a time. */
@FunctionalInterface
public interface FloatSink {
    /** Takes the first {@code count} values of {@code values}; keeps no reference. */
    void put(float[] values, int count) throws IOException;
}
