package io.nuner.engine;

import java.util.Locale;

/** The floating-point type in which a compiled engine computes its products. */
public enum Precision {
    /** IEEE 754 half precision: 11 bits of significand, largest value 65504. */
    FP16,
    /** The upper half of a float32: 8 bits of significand, the range of float32. */
    BF16;

    /** Its name in lower case, as in options and file names. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
