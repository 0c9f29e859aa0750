package io.nuner.cli.extract;

import io.nuner.cli.common.Printable;
import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.v1.Usage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints entities as an aligned table. Control characters are escaped, so that no text can drive the terminal. */
final class EntityTable {
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
        printNotes(extraction.usage());
    }

    private void printNotes(Usage usage) {
        if (usage.getTruncated()) {
            out.println("truncated: only the first " + usage.getWords() + " words were searched, up to offset "
                    + usage.getSearchedEnd());
        }
        if (usage.getLabelGroups() > 1) {
            out.println(
                    "the labels were asked for in " + usage.getLabelGroups() + " groups, on which the scores depend");
        }
        if (usage.getCutEntities() > 0) {
            out.println("cut: " + usage.getCutEntities() + " entities that grew past 64 KiB were ended there");
        }
        if (usage.getShortenedWords() > 0) {
            out.println("shortened: of " + usage.getShortenedWords()
                    + " words larger than the model reads at once, only the beginning was read");
        }
    }

    private void printRows(List<Entity> entities) {
        int labelWidth = entities.stream()
                .mapToInt(entity -> Printable.of(entity.label()).length())
                .reduce("LABEL".length(), Math::max);
        String format = "%" + OFFSET_WIDTH + "s  %" + OFFSET_WIDTH + "s  %-" + labelWidth + "s  %5s  %s%n";
        out.printf(Locale.ROOT, format, "START", "END", "LABEL", "SCORE", "TEXT");
        for (Entity entity : entities) {
            String score = String.format(Locale.ROOT, "%.3f", entity.score());
            String label = Printable.of(entity.label());
            out.printf(Locale.ROOT, format, entity.start(), entity.end(), label, score, Printable.of(entity.text()));
        }
    }
}
