package io.nuner.model.export.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a checkpoint, a view on the memory-mapped file: nothing is read before it is asked for. Any thread.
 */
public final class StoredTensor {
    private final String name;
    private final List<Integer> shape;
    private final ByteBuffer bytes;
    private final ValueDecoder decoder;

    /** Wraps row-major little-endian values, as many as the shape says. */
    StoredTensor(String name, List<Integer> shape, ByteBuffer bytes, ValueDecoder decoder) {
        this.name = name;
        this.shape = List.copyOf(shape);
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.decoder = decoder;
    }

    /** Its key in the checkpoint. */
    public String name() {
        return name;
    }

    /** Its dimensions, outermost first; none for a scalar. */
    public List<Integer> shape() {
        return shape;
    }

    /** Number of values. */
    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Copies {@code count} values from index {@code from} on to the start of {@code target}, as floats. */
    public void read(int from, float[] target, int count) {
        decoder.read(bytes, from, target, count);
    }

    /** The bytes and factors, if the checkpoint keeps the tensor so. */
    public Optional<ByteRows> byteRows() {
        return decoder instanceof ScaledRows rows ? Optional.of(new ByteRows(bytes, rows)) : Optional.empty();
    }

    /** All values, as floats. */
    public float[] readAll() {
        float[] values = new float[size()];
        read(0, values, values.length);
        return values;
    }
}
