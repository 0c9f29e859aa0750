package io.nuner.cli.engine;

import io.nuner.cli.common.ProgressBar;
import io.nuner.engine.CompileSettings;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows what a build is at and for how long it has run: one line that redraws itself on a terminal, else one line for each
 * stage. One thread at a time.
 */
final class BuildProgress implements CompileSettings.Listener {
    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private String stage = "";

    BuildProgress(PrintWriter err, boolean terminal, LongSupplier nanoClock) {
        this.err = err;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
    }

    @Override
    public void progress(String words) {
        if (terminal) {
            err.print(ProgressBar.REDRAW + line(words));
            err.flush();
        }
        if (!terminal && !words.equals(stage)) {
            err.println(line(words));
            err.flush();
        }
        stage = words;
    }

    private String line(String words) {
        return "building, " + seconds() + " s: " + words;
    }

    /** Seconds since the start. */
    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong() - startNanos);
    }

    /** Ends the terminal's line, if one has begun. */
    void end() {
        if (terminal && !stage.isEmpty()) {
            err.println();
            err.flush();
        }
        stage = "";
    }
}
