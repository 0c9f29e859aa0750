package io.nuner.engine.trt.typing;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.util.Locale;

/** A 16-bit floating-point type, as graphs and weight files have it. Any thread. */
enum HalfType {
    FP16(DataType.FLOAT16, 65504f),
    BF16(DataType.BFLOAT16, 0x1.fep127f);

    private final DataType element;
    private final float largest;

    HalfType(DataType element, float largest) {
        this.element = element;
        this.largest = largest;
    }

    static HalfType of(Precision precision) {
        return switch (precision) {
            case FP16 -> FP16;
            case BF16 -> BF16;
        };
    }

    /** Its name in ONNX. */
    DataType element() {
        return element;
    }

    /** True if the value is finite and lies in the range. */
    boolean holds(float value) {
        return Math.abs(value) <= largest;
    }

    /** The nearest value, as bits. */
    short round(float value) {
        return this == FP16 ? HalfFloat.toFloat16(value) : HalfFloat.toBfloat16(value);
    }

    /** Why it does not hold a value, for a message. */
    String refusal(float value) {
        if (!Float.isFinite(value)) {
            return "which is no number";
        }
        return "beyond " + largest + ", the largest number of " + label() + (this == FP16 ? "; use bf16" : "");
    }

    /** Its name in messages. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
