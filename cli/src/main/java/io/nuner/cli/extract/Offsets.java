package io.nuner.cli.extract;

import io.nuner.v1.OffsetUnit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

    static Offsets of(OffsetUnit unit) {
        return Arrays.stream(values())
                .filter(offsets -> offsets.unit == unit)
                .findFirst()
                .orElse(CODE_POINT);
    }

    /** The length of a text in this unit. */
    long lengthOf(String text) {
        return switch (this) {
            case CODE_POINT -> text.codePointCount(0, text.length());
            case UTF8_BYTE -> text.getBytes(StandardCharsets.UTF_8).length;
            case UTF16_UNIT -> text.length();
        };
    }

    /** As written on the command line. */
    @Override
    public String toString() {
        return word;
    }
}
