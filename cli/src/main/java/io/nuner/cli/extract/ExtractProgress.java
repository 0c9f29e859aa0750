package io.nuner.cli.extract;

import io.nuner.cli.common.ProgressLine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows on a terminal how far long work is; nothing in the first second, and nothing elsewhere. One thread at a time. */
final class ExtractProgress {
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ProgressLine line;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long dueNanos;
    private long texts;

    /** Progress of work that begins now. */
    ExtractProgress(ProgressLine line, LongSupplier nanoClock) {
        this.line = line;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
        dueNanos = startNanos + FIRST_NANOS;
    }

    /** A document is done up to a place. */
    void reached(long place, long length) {
        if (isDue()) {
            line.draw("searching " + ProgressLine.bar((int) (100 * place / Math.max(1, length))));
        }
    }

    /** One more text is done. */
    void answered() {
        texts++;
        if (isDue()) {
            double seconds = (nanoClock.getAsLong() - startNanos) / 1e9;
            line.draw(String.format(Locale.ROOT, "searching: %d texts, %.1f texts/s", texts, texts / seconds));
        }
    }

    /** Makes room for what is printed. */
    void hide() {
        line.clear();
    }

    private boolean isDue() {
        long nowNanos = nanoClock.getAsLong();
        if (!line.isTerminal() || nowNanos - dueNanos < 0) {
            return false;
        }
        dueNanos = nowNanos + REDRAW_NANOS;
        return true;
    }
}
