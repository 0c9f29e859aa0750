package io.nuner.engine.trt.typing;

/**
 * Rounds float32 to the two 16-bit formats: to the nearest value, and to the one with an even significand where two are
 * equally near. Too large values become infinite; NaN stays NaN. Any thread.
 */
final class HalfFloat {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;
    private static final int QUIET = 0x00400000; // keeps a NaN one when its lower bits are cut off
    private static final int FLOAT16_OVERFLOW =
            Float.floatToRawIntBits(65520); // halfway from 65504 to what would be next
    private static final int FLOAT16_NORMAL = Float.floatToRawIntBits(0x1p-14f);
    private static final int FLOAT16_BIAS_GAP = (127 - 15) << 23;
    private static final int FLOAT16_CUT = 13; // significand bits that float16 lacks
    private static final int BFLOAT16_CUT = 16;

    private HalfFloat() {}

    /** IEEE 754 binary16. */
    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & MAGNITUDE;
        if (magnitude > INFINITY) {
            return (short) (sign | 0x7c00 | (((magnitude | QUIET) >>> FLOAT16_CUT) & 0x3ff));
        }
        if (magnitude >= FLOAT16_OVERFLOW) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < FLOAT16_NORMAL) {
            return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24)); // in units of the smallest value
        }
        return (short) (sign | roundedToEven(magnitude - FLOAT16_BIAS_GAP, FLOAT16_CUT));
    }

    /** bfloat16: the upper half of a binary32. */
    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & MAGNITUDE) > INFINITY) {
            return (short) ((bits | QUIET) >>> BFLOAT16_CUT);
        }
        return (short) roundedToEven(bits, BFLOAT16_CUT);
    }

    /** Drops the lowest bits; a carry runs on into the exponent, where it belongs. */
    private static int roundedToEven(int bits, int dropped) {
        int odd = (bits >>> dropped) & 1;
        return (bits + (1 << (dropped - 1)) - 1 + odd) >>> dropped;
    }
}
