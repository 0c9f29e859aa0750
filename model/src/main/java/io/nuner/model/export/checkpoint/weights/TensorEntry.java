package io.nuner.model.export.checkpoint.weights;

import java.util.List;

/**
 * Where a tensor lies in its file. Immutable.
 *
 * @param offset bytes from the start of the file
 */
public record TensorEntry(String name, ElementType type, List<Integer> shape, long offset) {
    /** A tensor has at most this many bytes, so that one buffer can view it. */
    public static final long MAX_BYTES = Integer.MAX_VALUE;

    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Its size in bytes; never overflows, saturates far above {@link #MAX_BYTES}. */
    public long bytes() {
        return bytes(type, shape);
    }

    public static long bytes(ElementType type, List<Integer> shape) {
        long size = type.bytes();
        for (int dimension : shape) {
            size = dimension == 0 ? 0 : Math.min(size * dimension, Long.MAX_VALUE >>> 32);
        }
        return size;
    }
}
