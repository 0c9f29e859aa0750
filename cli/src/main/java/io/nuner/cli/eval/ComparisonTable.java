package io.nuner.cli.eval;

import io.nuner.cli.common.Printable;
import io.nuner.eval.ComparisonReport;
import io.nuner.eval.Counts.Score;
import io.nuner.eval.EstimatedDifference;
import io.nuner.eval.EvalReport;
import io.nuner.eval.EvalReport.Figures;
import io.nuner.eval.EvalReport.Quality;
import io.nuner.eval.SpanAgreement;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a comparison as an aligned table of percentages, differences in points of a percentage. */
final class ComparisonTable {
    private static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);

    private final PrintWriter out;
    private final String a;
    private final String b;

    /** A table of two sides, as the command line names them. */
    ComparisonTable(PrintWriter out, String a, String b) {
        this.out = out;
        this.a = a;
        this.b = b;
    }

    void print(ComparisonReport report) {
        Facts facts = new Facts(out);
        facts.print("A", a + ": " + side(report.a()));
        facts.print("B", b + ": " + side(report.b()));
        facts.printRun(report.a());
        facts.print("agreement", agreement(report.agreement(), report.a().data().texts()));
        facts.print("intervals", intervals(report.difference()));
        out.println();
        int width = width(report);
        printHead(width, "ENTITIES");
        printQuality(
                width,
                report.a().entities(),
                report.b().entities(),
                report.difference().entities());
        out.println();
        printHead(width, "TOKENS");
        printQuality(
                width,
                report.a().tokens(),
                report.b().tokens(),
                report.difference().tokens());
    }

    private static String side(EvalReport report) {
        return Facts.model(report) + "; server " + Facts.server(report);
    }

    private static String agreement(SpanAgreement agreement, int texts) {
        return String.format(
                Locale.ROOT,
                "%.2f %% of entities that either finds (%d both, %d only A, %d only B); %d of %d texts differ",
                100 * agreement.share(),
                agreement.equal(),
                agreement.onlyA(),
                agreement.onlyB(),
                agreement.textsThatDiffer(),
                texts);
    }

    private static String intervals(ComparisonReport.Differences differences) {
        return String.format(
                Locale.ROOT,
                "%.0f %%, paired bootstrap, %d resamples of the texts",
                100 * differences.confidence(),
                differences.resamples());
    }

    private static int width(ComparisonReport report) {
        return report.difference().entities().byLabel().keySet().stream()
                .mapToInt(label -> Printable.of(label).length())
                .reduce("ENTITIES".length(), Math::max);
    }

    private void printHead(int width, String what) {
        String label = "%-" + width + "s";
        out.printf(Locale.ROOT, label + "  %8s %20s  %20s  %7s%n", what, "", "A", "B", "B - A");
        String head = label + "  %8s %6s %6s %6s  %6s %6s %6s  %7s  %16s%n";
        out.printf(Locale.ROOT, head, "LABEL", "SUPPORT", "PREC", "REC", "F1", "PREC", "REC", "F1", "F1", "INTERVAL");
    }

    private void printQuality(int width, Quality ofA, Quality ofB, ComparisonReport.F1 differences) {
        String label = "%-" + width + "s";
        differences.byLabel().forEach((name, difference) -> {
            out.printf(Locale.ROOT, label, Printable.of(name));
            printRow(ofA.byLabel().getOrDefault(name, NONE), ofB.byLabel().getOrDefault(name, NONE), difference);
        });
        out.printf(Locale.ROOT, label, "micro");
        printRow(ofA.micro(), ofB.micro(), differences.micro());
        out.printf(Locale.ROOT, label, "macro");
        printRow("", ofA.macro(), ofB.macro(), differences.macro());
    }

    private void printRow(Figures ofA, Figures ofB, EstimatedDifference difference) {
        printRow(Long.toString(ofA.support()), ofA.score(), ofB.score(), difference);
    }

    private void printRow(String support, Score ofA, Score ofB, EstimatedDifference difference) {
        out.printf(Locale.ROOT, "  %8s", support);
        print(ofA);
        out.print(' ');
        print(ofB);
        String interval = String.format(Locale.ROOT, "%+.2f to %+.2f", 100 * difference.low(), 100 * difference.high());
        out.printf(Locale.ROOT, "  %+7.2f  %16s%n", 100 * difference.value(), interval);
    }

    private void print(Score score) {
        out.printf(Locale.ROOT, " %6.2f %6.2f %6.2f", 100 * score.precision(), 100 * score.recall(), 100 * score.f1());
    }
}
