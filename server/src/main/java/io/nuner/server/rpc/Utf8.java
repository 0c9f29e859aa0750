package io.nuner.server.rpc;

/** Lengths of strings in UTF-8, without encoding them. */
final class Utf8 {
    private Utf8() {}

    /** True if a well-formed string takes at most {@code limit} bytes. */
    static boolean fits(String value, int limit) {
        int units = value.length();
        if (units > limit) {
            return false;
        }
        return 3L * units <= limit || length(value) <= limit;
    }

    /** RFC 3629 section 3: a UTF-16 unit takes 1, 2 or 3 bytes, and half of a surrogate pair takes 2. */
    private static int length(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit < 0x80) {
                bytes += 1;
            } else {
                bytes += unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
            }
        }
        return bytes;
    }
}
