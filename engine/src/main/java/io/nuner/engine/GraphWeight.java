package io.nuner.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A weight of a graph that lies outside of the graph's file. Immutable, any thread.
 *
 * @param name the graph's name for it
 * @param type of its values
 * @param shape dimensions, outermost first
 * @param bytes little-endian values in row-major order, off the heap; each reader takes {@link #values} of its own
 */
public record GraphWeight(String name, Type type, List<Long> shape, ByteBuffer bytes) {
    public GraphWeight {
        shape = List.copyOf(shape);
        long size = shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        if (size != bytes.remaining()) {
            throw new IllegalArgumentException("the weight " + name + " has " + bytes.remaining() + " bytes, its shape "
                    + shape + " needs " + size);
        }
        bytes = bytes.asReadOnlyBuffer();
    }

    /** A weight of float32 values. */
    public GraphWeight(String name, List<Long> shape, ByteBuffer bytes) {
        this(name, Type.FLOAT32, shape, bytes);
    }

    /** The bytes, with a position of the caller's own. */
    public ByteBuffer values() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What the values of a weight are. */
    public enum Type {
        /** IEEE 754 single precision. */
        FLOAT32(Float.BYTES),
        /** Whole numbers from -128 to 127. */
        INT8(Byte.BYTES);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one value. */
        public int bytes() {
            return bytes;
        }
    }
}
