package io.nuner.model.export.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of a checkpoint, a view on the memory-mapped file: nothing is read before it is asked for. Any thread.
 */
public final class StoredTensor {
    private final String name;
    private final ElementType type;
    private final List<Integer> shape;
    private final ByteBuffer bytes;

    /**
     * Wraps row-major little-endian values.
     *
     * @throws IllegalArgumentException if the number of bytes does not fit the shape
     */
    StoredTensor(String name, ElementType type, List<Integer> shape, ByteBuffer bytes) {
        this.name = name;
        this.type = type;
        this.shape = List.copyOf(shape);
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (this.bytes.limit() != (long) size() * type.bytes()) {
            throw new IllegalArgumentException(name + " has " + this.bytes.limit() + " bytes for " + shape);
        }
    }

    /** Its key in the checkpoint. */
    public String name() {
        return name;
    }

    /** How the values are stored. */
    public ElementType type() {
        return type;
    }

    /** Its dimensions, outermost first; none for a scalar. */
    public List<Integer> shape() {
        return shape;
    }

    /** Number of values. */
    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Copies {@code count} values from index {@code from} on to the start of {@code target}, widened to float. */
    public void read(int from, float[] target, int count) {
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(from, target, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = HalfFloats.fromFloat16(bytes.getShort((from + i) * 2));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = HalfFloats.fromBfloat16(bytes.getShort((from + i) * 2));
                }
            }
            default -> throw new IllegalStateException(name + " holds " + type + ", not weights");
        }
    }

    /** All values, widened to float. */
    public float[] readAll() {
        float[] values = new float[size()];
        read(0, values, values.length);
        return values;
    }
}
