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
    private static final int SHA_DIGITS = 12;

    private final PrintWriter out;

    EvalTable(PrintWriter out) {
        this.out = out;
    }

    void print(EvalReport report) {
        printFacts(report);
        out.println();
        printQuality(report);
    }

    private void printFacts(EvalReport report) {
        EvalReport.Data data = report.data();
        EvalReport.Run run = report.run();
        EvalReport.Server server = report.server();
        String sha256 = report.model().sha256();
        String model = report.model().name() + " " + sha256.substring(0, Math.min(SHA_DIGITS, sha256.length()));
        fact("model", model);
        fact(
                "server",
                server.version() + ", " + server.engine() + " " + server.engineVersion() + " on " + server.device());
        fact(
                "data",
                data.file() + " (" + data.format() + "), " + data.texts() + " texts of " + data.words() + " words");
        fact("time", String.format(Locale.ROOT, "%.1f s, %.2f texts/s", run.seconds(), run.textsPerSecond()));
        if (run.refused() > 0) {
            fact("refused", run.refused() + " texts; their entities count as missed");
        }
        if (run.truncated() > 0) {
            fact("truncated", run.truncated() + " texts; only their first words were searched");
        }
        if (!report.leftOut().isEmpty()) {
            fact("left out", String.join(", ", report.leftOut()));
        }
    }

    private void fact(String name, String value) {
        out.printf(Locale.ROOT, "%-10s %s%n", name, Printable.of(value));
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
