package io.nuner.model.export.onnx;

import io.nuner.model.format.onnx.TensorShapeProto;

/** One dimension of a graph's input or output: a size, or a name for a size known only when it runs. Immutable. */
public record Axis(String name, long size) {
    /** A dimension that every run may choose. */
    public static Axis free(String name) {
        return new Axis(name, -1);
    }

    /** A dimension that never changes. */
    public static Axis fixed(long size) {
        return new Axis("", size);
    }

    TensorShapeProto.Dimension proto() {
        TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
        return size < 0
                ? dimension.setDimParam(name).build()
                : dimension.setDimValue(size).build();
    }
}
