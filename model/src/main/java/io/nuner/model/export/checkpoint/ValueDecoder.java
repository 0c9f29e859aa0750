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
                        target[i] = fromFloat16(bytes.getShort((from + i) * 2));
                    }
                };
            case BF16 ->
                (bytes, from, target, count) -> {
                    for (int i = 0; i < count; i++) {
                        target[i] = fromBfloat16(bytes.getShort((from + i) * 2));
                    }
                };
            default -> throw new IllegalArgumentException(type + " does not hold floats");
        };
    }

    /** IEEE 754 binary16, widened exactly. */
    private static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
        }
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    }

    /** bfloat16: the upper half of a binary32. */
    private static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
