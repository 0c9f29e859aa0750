package io.nuner.model.text;

/** What an offset into a text counts. */
public enum OffsetUnit {
    /** Unicode code points, as Python and the reference count. A lone surrogate counts one. */
    CODE_POINT,
    /** Bytes of {@code text.getBytes(UTF_8)}, as Go and Rust count. */
    UTF8_BYTE,
    /** UTF-16 units, as Java and JavaScript count. */
    UTF16_UNIT
}
