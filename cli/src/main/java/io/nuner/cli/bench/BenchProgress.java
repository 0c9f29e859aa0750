package io.nuner.cli.bench;

import io.nuner.cli.common.ProgressLine;
import io.nuner.load.LoadRun;
import java.util.Locale;

/** Shows how a load run goes: a bar on a terminal, else a line for every tenth of its time. One thread at a time. */
final class BenchProgress implements LoadRun.Listener {
    private static final int LINES = 10;

    private final ProgressLine line;
    private int lines;

    BenchProgress(ProgressLine line) {
        this.line = line;
    }

    @Override
    public void progress(LoadRun.Status status) {
        if (line.isTerminal()) {
            line.draw("bench " + ProgressLine.bar((int) (100 * status.done())) + " " + figures(status));
        } else if (status.done() * LINES >= lines + 1) {
            line.print("bench: " + figures(status));
            lines = (int) (status.done() * LINES);
        }
    }

    private static String figures(LoadRun.Status status) {
        return String.format(
                Locale.ROOT,
                "%s: sent %d/s, ok %d/s, refused %d/s, %d in flight, p99 %.1f ms, %d s left",
                status.step(),
                status.sentPerSecond(),
                status.okPerSecond(),
                status.refusedPerSecond(),
                status.inFlight(),
                status.p99Millis(),
                status.secondsLeft());
    }
}
