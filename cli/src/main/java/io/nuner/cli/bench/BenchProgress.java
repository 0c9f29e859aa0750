package io.nuner.cli.bench;

import io.nuner.cli.common.ProgressBar;
import io.nuner.load.LoadRun;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how a load run goes: a bar that redraws itself on a terminal, else a line for every tenth of its time. One thread at
 * a time.
 */
final class BenchProgress implements LoadRun.Listener {
    private static final int LINES = 10;

    private final PrintWriter err;
    private final boolean terminal;
    private boolean drawn;
    private int lines;

    BenchProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void progress(LoadRun.Status status) {
        if (terminal) {
            int percent = (int) (100 * status.done());
            err.print(ProgressBar.REDRAW + "bench " + ProgressBar.of(percent) + " " + line(status));
            err.flush();
            drawn = true;
        } else if (status.done() * LINES >= lines + 1) {
            err.println("bench: " + line(status));
            err.flush();
            lines = (int) (status.done() * LINES);
        }
    }

    /** Ends the bar's line. */
    void end() {
        if (drawn) {
            err.println();
            err.flush();
        }
    }

    private static String line(LoadRun.Status status) {
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
