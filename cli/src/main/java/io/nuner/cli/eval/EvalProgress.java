package io.nuner.cli.eval;

import io.nuner.cli.common.ProgressLine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows how far an evaluation is: a bar on a terminal, else a line for every tenth of the texts. One thread at a time. */
final class EvalProgress {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LINES = 10;

    private final ProgressLine line;
    private final int texts;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long drawnNanos;

    /** Progress over a number of texts, which begins now. */
    EvalProgress(ProgressLine line, int texts, LongSupplier nanoClock) {
        this.line = line;
        this.texts = texts;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
        drawnNanos = startNanos - REDRAW_NANOS;
    }

    /** Counts one more text as answered; {@code done} of them are now. */
    void answered(int done) {
        long nowNanos = nanoClock.getAsLong();
        if (!line.isTerminal()) {
            if ((long) done * LINES / texts > (done - 1L) * LINES / texts) {
                line.print("evaluating: " + status(done, nowNanos));
            }
        } else if (done == texts || nowNanos - drawnNanos >= REDRAW_NANOS) {
            line.draw("evaluating " + ProgressLine.bar((int) (100L * done / texts)) + " " + status(done, nowNanos));
            drawnNanos = nowNanos;
        }
    }

    private String status(int done, long nowNanos) {
        double seconds = Math.max(1, nowNanos - startNanos) / 1e9;
        double textsPerSecond = done / seconds;
        long left = (long) Math.ceil((texts - done) / textsPerSecond);
        return String.format(Locale.ROOT, "%d of %d texts, %.1f texts/s, %d s left", done, texts, textsPerSecond, left);
    }
}
