package io.nuner.cli.common;

import java.util.Locale;

/** Text that comes from elsewhere, made fit for a terminal. */
public final class Printable {
    private Printable() {}

    /** The text with its control characters escaped. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> append(printable, codePoint));
        return printable.toString();
    }

    private static void append(StringBuilder printable, int codePoint) {
        switch (codePoint) {
            case '\n' -> printable.append("\\n");
            case '\r' -> printable.append("\\r");
            case '\t' -> printable.append("\\t");
            default -> {
                if (Character.isISOControl(codePoint)) {
                    printable.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
                } else {
                    printable.appendCodePoint(codePoint);
                }
            }
        }
    }
}
