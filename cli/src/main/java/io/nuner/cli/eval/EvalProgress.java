package io.nuner.cli.eval;

import io.nuner.cli.common.ProgressBar;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how far an evaluation is: a bar that redraws itself on a terminal, else a line for every tenth of the texts. One
 * thread at a time.
 */
final class EvalProgress {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LINES = 10;

    private final PrintWriter err;
    private final boolean terminal;
    private final int texts;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long drawnNanos;
    private boolean drawn;

    /** Progress over a number of texts, which begins now. */
    EvalProgress(PrintWriter err, boolean terminal, int texts, LongSupplier nanoClock) {
        this.err = err;
        this.terminal = terminal;
        this.texts = texts;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /** So many texts are done, one more than before. */
    void answered(int done) {
        long nowNanos = nanoClock.getAsLong();
        boolean due = !drawn || done == texts || nowNanos - drawnNanos >= REDRAW_NANOS;
        if (terminal && due) {
            int percent = (int) (100L * done / texts);
            err.print(ProgressBar.REDRAW + "evaluating " + ProgressBar.of(percent) + " " + status(done, nowNanos));
            err.flush();
            drawn = true;
            drawnNanos = nowNanos;
        }
        if (!terminal && (long) done * LINES / texts > (done - 1L) * LINES / texts) {
            err.println("evaluating: " + status(done, nowNanos));
            err.flush();
        }
    }

    /** Ends the bar's line. */
    void end() {
        if (drawn) {
            err.println();
            err.flush();
        }
    }

    private String status(int done, long nowNanos) {
        double seconds = Math.max(1, nowNanos - startNanos) / 1e9;
        double textsPerSecond = done / seconds;
        long left = (long) Math.ceil((texts - done) / textsPerSecond);
        return String.format(Locale.ROOT, "%d of %d texts, %.1f texts/s, %d s left", done, texts, textsPerSecond, left);
    }
}
