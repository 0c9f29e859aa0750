package io.nuner.cli.plan;

import io.nuner.capacity.PlanReport;
import io.nuner.capacity.PlanReport.Figures;
import io.nuner.cli.common.Printable;
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
        PlanReport.Asked asked = report.asked();
        fact("needed", String.format(Locale.ROOT, "%d, for %.2f texts/s", report.replicas(), asked.rate()));
        fact(
                "promise",
                String.format(
                        Locale.ROOT,
                        "%s, at most %.2f %% without an answer in time",
                        asked.slo(),
                        100 * asked.maxRefused()));
        printLoad(report.load());
        printServer(report.server(), report.assumed());
        fact("simulated", report.needed().textsSimulated() + " texts at one replica of those needed");
    }

    private void printLoad(PlanReport.Load load) {
        String rates = String.format(Locale.ROOT, "%.2f texts/s, %.1f tokens a text", load.rate(), load.meanTokens());
        fact("trace", load.trace() + ": " + load.texts() + " texts, " + rates);
        if (load.cut() > 0) {
            fact("", load.cut() + " texts are longer than the engine reads and were taken cut");
        }
    }

    private void printServer(PlanReport.Server server, PlanReport.Assumed assumed) {
        String where = server.engine() + " on " + server.device() + ", " + server.model();
        fact("engine", where + String.format(Locale.ROOT, ", lanes %d, drift %.2f", server.lanes(), server.drift()));
        String times = String.format(
                Locale.ROOT,
                "overhead %.2f ms a text, handover %.2f ms a batch",
                assumed.overheadMillis(),
                assumed.handoverMillis());
        fact("assumed", times + String.format(Locale.ROOT, ", jitter %.1f %%", 100 * assumed.jitter()));
    }

    private void fact(String name, String value) {
        out.printf(Locale.ROOT, "%-10s %s%n", name, Printable.of(value));
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
