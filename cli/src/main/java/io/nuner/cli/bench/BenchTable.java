package io.nuner.cli.bench;

import io.nuner.cli.common.Printable;
import io.nuner.load.LoadReport;
import io.nuner.load.StepReport;
import io.nuner.load.StepReport.CallCounts;
import io.nuner.load.StepReport.Millis;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the figures of a load run as aligned tables; times are milliseconds, rates calls per second. */
final class BenchTable {
    private static final String PART_ROW = "%-18s %-16s %-15s %-11s %8s %8s %8s %8s %6s %8s %8s%n";

    private final PrintWriter out;

    BenchTable(PrintWriter out) {
        this.out = out;
    }

    void print(LoadReport report) {
        printFacts(report);
        out.println();
        out.printf(
                Locale.ROOT,
                "%-18s %9s %9s %9s %8s %8s %8s %8s %8s %8s %8s %6s %6s%n",
                "LOAD",
                "OFFERED",
                "ACHIEVED",
                "GOODPUT",
                "P50",
                "P90",
                "P99",
                "P99.9",
                "MAX",
                "REFUSE99",
                "LAG99",
                "FILL",
                "PAD");
        report.steps().forEach(this::printStep);
        printPartsOf(report.steps());
        out.println();
        report.steps().forEach(this::printRemarks);
    }

    /** Prints the parts; nothing if there is only one. */
    private void printPartsOf(List<StepReport> steps) {
        if (steps.stream().allMatch(step -> step.accounts().size() <= 1)) {
            return;
        }
        out.println();
        out.printf(
                Locale.ROOT,
                PART_ROW,
                "LOAD",
                "TENANT",
                "KIND",
                "PRIORITY",
                "SENT",
                "GOOD",
                "REFUSED",
                "OTHER",
                "HUNG",
                "P50",
                "P99");
        steps.forEach(this::printParts);
    }

    private void printFacts(LoadReport report) {
        LoadReport.Server server = report.server();
        fact("server", server.version() + ", " + server.engine() + " on " + server.device() + ", " + server.model());
        fact(
                "calls",
                report.mode() + ", seed " + report.options().seed() + ", "
                        + report.options().connections() + " connections, deadline "
                        + report.options().deadlineMillis() + " ms");
        fact("note", report.note());
        if (report.interrupted()) {
            fact("stopped", "before its end; the last step is not whole");
        }
    }

    private void fact(String name, String value) {
        out.printf(Locale.ROOT, "%-10s %s%n", name, Printable.of(value));
    }

    private void printStep(StepReport step) {
        StepReport.Rates rates = step.rates();
        Millis latency = step.latencyMillis();
        out.printf(
                Locale.ROOT,
                "%-18s %9.2f %9.2f %9.2f %8s %8s %8s %8s %8s %8s %8s %6s %6s%n",
                step.step(),
                rates.offered(),
                rates.achieved(),
                rates.goodput(),
                time(latency, latency.p50()),
                time(latency, latency.p90()),
                time(latency, latency.p99()),
                time(latency, latency.p999()),
                time(latency, latency.max()),
                time(step.refusedMillis(), step.refusedMillis().p99()),
                time(step.lagMillis(), step.lagMillis().p99()),
                step.batches().fill() == 0 ? "-" : ratio(step.batches().fill()),
                step.batches().padding() == 0 ? "-" : ratio(step.batches().padding()));
    }

    private void printParts(StepReport step) {
        for (StepReport.Part part : step.accounts()) {
            CallCounts calls = part.calls();
            long refused = calls.of("RESOURCE_EXHAUSTED") + calls.of("UNAVAILABLE");
            Millis latency = part.latencyMillis();
            out.printf(
                    Locale.ROOT,
                    PART_ROW,
                    step.step(),
                    part.tenant().isEmpty() ? "-" : part.tenant(),
                    part.kind().toLowerCase(Locale.ROOT).replace('_', '-'),
                    part.priority().toLowerCase(Locale.ROOT),
                    calls.sent(),
                    calls.good(),
                    refused,
                    calls.finished() - calls.good() - refused,
                    calls.hung(),
                    time(latency, latency.p50()),
                    time(latency, latency.p99()));
        }
    }

    private void printRemarks(StepReport step) {
        out.println(step.step() + ": " + step.calls().statuses() + ", "
                + step.calls().hung() + " hung");
        if (step.voided()) {
            out.println(step.step()
                    + ": void, because calls were sent late: the lag's p99 is above a tenth of the latency's");
        }
    }

    private static String time(Millis of, double millis) {
        return of.count() == 0 ? "-" : String.format(Locale.ROOT, millis < 100 ? "%.2f" : "%.1f", millis);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
