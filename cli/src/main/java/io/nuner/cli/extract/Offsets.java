package io.nuner.cli.extract;

import io.nuner.v1.OffsetUnit;

/** What {@code --offset-unit} takes. */
enum Offsets {
    CODE_POINT("code-point", OffsetUnit.OFFSET_UNIT_CODE_POINT),
    UTF8_BYTE("utf8-byte", OffsetUnit.OFFSET_UNIT_UTF8_BYTE),
    UTF16_UNIT("utf16-unit", OffsetUnit.OFFSET_UNIT_UTF16_UNIT);

    private final String word;
    private final OffsetUnit unit;

    Offsets(String word, OffsetUnit unit) {
        this.word = word;
        this.unit = unit;
    }

    OffsetUnit unit() {
        return unit;
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return word;
    }
}
