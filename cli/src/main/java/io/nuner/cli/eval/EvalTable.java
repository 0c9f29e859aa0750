package io.nuner.cli.eval;

import io.nuner.cli.common.Printable;
import io.nuner.eval.Counts.Score;
import io.nuner.eval.EvalReport;
import io.nuner.eval.EvalReport.Figures;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints an evaluation as an aligned table of percentages. */
final class EvalTable {
    private static final String MICRO = "micro";
    private static final String MACRO = "macro";

    private final PrintWriter out;

    EvalTable(PrintWriter out) {
        this.out = out;
    }

    void print(EvalReport report) {
        Facts facts = new Facts(out);
        facts.print("model", Facts.model(report));
        facts.print("server", Facts.server(report));
        facts.printRun(report);
        out.println();
        printQuality(report);
    }

    private void printQuality(EvalReport report) {
        int width = report.labels().keySet().stream()
                .mapToInt(label -> Printable.of(label).length())
                .reduce("LABEL".length(), Math::max);
        String label = "%-" + width + "s";
        out.printf(Locale.ROOT, label + "  %8s %20s  %8s%n", "", "ENTITIES", "", "TOKENS");
        String head = label + "  %8s %6s %6s %6s  %8s %6s %6s %6s%n";
        out.printf(Locale.ROOT, head, "LABEL", "SUPPORT", "PREC", "REC", "F1", "SUPPORT", "PREC", "REC", "F1");
        report.entities().byLabel().forEach((name, entities) -> {
            Figures tokens = report.tokens().byLabel().getOrDefault(name, entities);
            out.printf(Locale.ROOT, label, Printable.of(name));
            printRow(entities, tokens);
        });
        out.printf(Locale.ROOT, label, MICRO);
        printRow(report.entities().micro(), report.tokens().micro());
        out.printf(Locale.ROOT, label, MACRO);
        print("", report.entities().macro());
        print("", report.tokens().macro());
        out.println();
    }

    private void printRow(Figures entities, Figures tokens) {
        print(Long.toString(entities.support()), entities.score());
        print(Long.toString(tokens.support()), tokens.score());
        out.println();
    }

    private void print(String support, Score score) {
        out.printf(
                Locale.ROOT,
                "  %8s %6.2f %6.2f %6.2f",
                support,
                100 * score.precision(),
                100 * score.recall(),
                100 * score.f1());
    }
}
