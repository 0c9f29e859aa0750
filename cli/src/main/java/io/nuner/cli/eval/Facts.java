package io.nuner.cli.eval;

import io.nuner.cli.common.Printable;
import io.nuner.eval.EvalReport;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what stands above a table: a line for each fact. */
final class Facts {
    private static final int SHA_DIGITS = 12;

    private final PrintWriter out;

    Facts(PrintWriter out) {
        this.out = out;
    }

    void print(String name, String value) {
        out.printf(Locale.ROOT, "%-10s %s%n", name, Printable.of(value));
    }

    /** The file, the time, and what was not searched. */
    void printRun(EvalReport report) {
        EvalReport.Data data = report.data();
        EvalReport.Run run = report.run();
        print(
                "data",
                data.file() + " (" + data.format() + "), " + data.texts() + " texts of " + data.words() + " words");
        print("time", String.format(Locale.ROOT, "%.1f s, %.2f texts/s", run.seconds(), run.textsPerSecond()));
        if (run.refused() > 0) {
            print("refused", run.refused() + " texts; their entities count as missed");
        }
        if (run.truncated() > 0) {
            print("truncated", run.truncated() + " texts; only their first words were searched");
        }
        if (!report.leftOut().isEmpty()) {
            print("left out", String.join(", ", report.leftOut()));
        }
    }

    /** Name and beginning of the hash. */
    static String model(EvalReport report) {
        String sha256 = report.model().sha256();
        return report.model().name() + " " + sha256.substring(0, Math.min(SHA_DIGITS, sha256.length()));
    }

    /** Versions and device. */
    static String server(EvalReport report) {
        EvalReport.Server server = report.server();
        return server.version() + ", " + server.engine() + " " + server.engineVersion() + " on " + server.device();
    }
}
