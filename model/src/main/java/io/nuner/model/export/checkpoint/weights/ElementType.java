package io.nuner.model.export.checkpoint.weights;

import java.util.Locale;
import java.util.Optional;

/** How a checkpoint stores one value. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** True for the types whose values are weights as they stand: {@link #F32}, {@link #F16} and {@link #BF16}. */
    public boolean isFloat() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** The type of a safetensors name such as {@code F32}, if it is one of ours. */
    static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
