package io.nuner.cli;

import io.nuner.cli.PlanReport.Figures;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints a plan as an aligned table; times are milliseconds, rates texts or tokens a second. */
final class PlanTable {
    private final PrintWriter out;

    PlanTable(PrintWriter out) {
        this.out = out;
    }

    void print(PlanReport report) {
        printFacts(report);
        out.println();
        out.printf(
                Locale.ROOT,
                "%-15s %8s %9s %9s %9s %8s %8s %8s %8s %8s %6s %5s %6s%n",
                "",
                "REPLICAS",
                "OFFERED",
                "ANSWERED",
                "TOKENS/S",
                "P50",
                "P90",
                "P99",
                "P99.9",
                "REFUSED",
                "FILL",
                "PAD",
                "BUSY");
        print("needed", report.needed());
        print("one fewer", report.oneFewer());
        print("one at most", report.highestOfOne());
    }

    private void printFacts(PlanReport report) {
        PlanReport.Load load = report.load();
        PlanReport.Server server = report.server();
        PlanReport.Assumed assumed = report.assumed();
        fact("needed", "%d, for %.2f texts/s", report.replicas(), report.asked().rate());
        fact(
                "promise",
                "%s, at most %.2f %% without an answer in time",
                report.asked().slo(),
                100 * report.asked().maxRefused());
        fact(
                "trace",
                "%s: %d texts, %.2f texts/s, %.1f tokens a text",
                load.trace(),
                load.texts(),
                load.rate(),
                load.meanTokens());
        if (load.cut() > 0) {
            fact("", "%d texts are longer than the engine reads and were taken cut", load.cut());
        }
        fact(
                "engine",
                "%s on %s, %s, lanes %d, drift %.2f",
                server.engine(),
                server.device(),
                server.model(),
                server.lanes(),
                server.drift());
        fact(
                "assumed",
                "overhead %.2f ms a text, handover %.2f ms a batch, jitter %.1f %%",
                assumed.overheadMillis(),
                assumed.handoverMillis(),
                100 * assumed.jitter());
        fact(
                "simulated",
                "%d texts at one replica of those needed",
                report.needed().textsSimulated());
    }

    private void fact(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-10s ", name);
        out.println(EntityTable.printable(String.format(Locale.ROOT, format, values)));
    }

    private void print(String name, @Nullable Figures figures) {
        if (figures == null) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-15s %8d %9.2f %9.2f %9.0f %8.2f %8.2f %8.2f %8.2f %7.2f%% %6.2f %5.2f %5.1f%%%n",
                name,
                figures.replicas(),
                figures.offered(),
                figures.throughput(),
                figures.tokensPerSecond(),
                figures.p50Millis(),
                figures.p90Millis(),
                figures.p99Millis(),
                figures.p999Millis(),
                100 * figures.refusedShare(),
                figures.meanRows(),
                figures.padding(),
                100 * figures.utilization());
    }
}
