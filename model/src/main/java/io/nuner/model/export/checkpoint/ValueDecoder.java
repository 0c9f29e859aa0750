package io.nuner.model.export.checkpoint;

import io.nuner.model.export.checkpoint.weights.ElementType;
import java.nio.ByteBuffer;

/** Makes floats of stored values. Any thread. */
@FunctionalInterface
interface ValueDecoder {
    /**
     * Copies {@code count} values from index {@code from} on to the start of {@code target}.
     *
     * @param bytes all values of the tensor, little-endian
     */
    void read(ByteBuffer bytes, int from, float[] target, int count);

    /** The decoder of a type that {@link ElementType#isFloat holds floats}; exact. */
    static ValueDecoder of(ElementType type) {
        return switch (type) {
            case F32 -> (bytes, from, target, count) -> bytes.asFloatBuffer().get(from, target, 0, count);
            case F16 ->
                (bytes, from, target, count) -> {
                    for (int i = 0; i < count; i++) {
                        target[i] = HalfFloats.fromFloat16(bytes.getShort((from + i) * 2));
                    }
                };
            case BF16 ->
                (bytes, from, target, count) -> {
                    for (int i = 0; i < count; i++) {
                        target[i] = HalfFloats.fromBfloat16(bytes.getShort((from + i) * 2));
                    }
                };
            default -> throw new IllegalArgumentException(type + " does not hold floats");
        };
    }
}
