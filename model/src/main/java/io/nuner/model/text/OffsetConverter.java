package io.nuner.model.text;

/**
 * Converter of UTF-16 indices of one text to offsets in a unit. It remembers the last conversion: ascending indices take one
 * pass over the text together; a smaller index starts a new pass. One thread at a time.
 */
public final class OffsetConverter {
    private final String text;
    private final OffsetUnit unit;
    private int index;
    private int offset;

    public OffsetConverter(String text, OffsetUnit unit) {
        this.text = text;
        this.unit = unit;
    }

    /** A converter that goes on from where this one is. */
    public OffsetConverter copy() {
        OffsetConverter copy = new OffsetConverter(text, unit);
        copy.index = index;
        copy.offset = offset;
        return copy;
    }

    /**
     * The offset, in the unit, of the character that starts at the index; the text's length is allowed.
     *
     * @throws IndexOutOfBoundsException if the index lies outside the text
     */
    public int convert(int utf16Index) {
        if (utf16Index < 0 || utf16Index > text.length()) {
            throw new IndexOutOfBoundsException("index " + utf16Index + " of " + text.length());
        }
        if (unit == OffsetUnit.UTF16_UNIT) {
            return utf16Index;
        }
        if (utf16Index < index) {
            index = 0;
            offset = 0;
        }
        advanceTo(utf16Index);
        return offset;
    }

    private void advanceTo(int target) {
        while (index < target) {
            int codePoint = text.codePointAt(index);
            offset += unit == OffsetUnit.CODE_POINT ? 1 : utf8Length(codePoint);
            index += Character.charCount(codePoint);
        }
    }

    /** Bytes in UTF-8 of the part of a text between two UTF-16 indices. */
    public static long utf8Length(String text, int from, int to) {
        long bytes = 0;
        for (int at = from; at < to; ) {
            int codePoint = text.codePointAt(at);
            bytes += utf8Length(codePoint);
            at += Character.charCount(codePoint);
        }
        return bytes;
    }

    /** Bytes of a code point in UTF-8, RFC 3629 section 3; Java encodes a lone surrogate as one question mark. */
    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 3 : 4;
    }
}
