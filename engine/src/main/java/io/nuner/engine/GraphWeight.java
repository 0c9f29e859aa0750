package io.nuner.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A weight of a graph that lies outside of the graph's file. Immutable, any thread.
 *
 * @param name the graph's name for it
 * @param shape dimensions, outermost first
 * @param bytes little-endian float32 values in row-major order, off the heap; each reader takes {@link #values} of its own
 */
public record GraphWeight(String name, List<Long> shape, ByteBuffer bytes) {
    public GraphWeight {
        shape = List.copyOf(shape);
        long size = shape.stream().reduce((long) Float.BYTES, Math::multiplyExact);
        if (size != bytes.remaining()) {
            throw new IllegalArgumentException("the weight " + name + " has " + bytes.remaining() + " bytes, its shape "
                    + shape + " needs " + size);
        }
        bytes = bytes.asReadOnlyBuffer();
    }

    /** The bytes, with a position of the caller's own. */
    public ByteBuffer values() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
