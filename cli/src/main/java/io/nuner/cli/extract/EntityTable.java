package io.nuner.cli.extract;

import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.v1.Usage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints entities as an aligned table. Control characters are escaped, so that no text can drive the terminal. */
public final class EntityTable {
    private static final int OFFSET_WIDTH = 6;

    private final PrintWriter out;

    EntityTable(PrintWriter out) {
        this.out = out;
    }

    void print(Extraction extraction) {
        if (extraction.entities().isEmpty()) {
            out.println("no entities");
        } else {
            printRows(extraction.entities());
        }
        if (extraction.usage().getTruncated()) {
            Usage usage = extraction.usage();
            out.println("truncated: only the first " + usage.getWords() + " words were searched, up to offset "
                    + usage.getSearchedEnd());
        }
    }

    private void printRows(List<Entity> entities) {
        int labelWidth = entities.stream()
                .mapToInt(entity -> printable(entity.label()).length())
                .reduce("LABEL".length(), Math::max);
        String format = "%" + OFFSET_WIDTH + "s  %" + OFFSET_WIDTH + "s  %-" + labelWidth + "s  %5s  %s%n";
        out.printf(Locale.ROOT, format, "START", "END", "LABEL", "SCORE", "TEXT");
        for (Entity entity : entities) {
            String score = String.format(Locale.ROOT, "%.3f", entity.score());
            String label = printable(entity.label());
            out.printf(Locale.ROOT, format, entity.start(), entity.end(), label, score, printable(entity.text()));
        }
    }

    /** The text with its control characters escaped. */
    public static String printable(String text) {
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
