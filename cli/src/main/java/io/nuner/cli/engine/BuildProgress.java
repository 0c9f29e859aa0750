package io.nuner.cli.engine;

import io.nuner.cli.common.ProgressLine;
import io.nuner.engine.CompileSettings;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows the stage of a build and its time so far; off a terminal, a line for each stage. One thread at a time. */
final class BuildProgress implements CompileSettings.Listener {
    private final ProgressLine line;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private String stage = "";

    BuildProgress(ProgressLine line, LongSupplier nanoClock) {
        this.line = line;
        this.nanoClock = nanoClock;
        startNanos = nanoClock.getAsLong();
    }

    @Override
    public void progress(String words) {
        String text = "building, " + seconds() + " s: " + words;
        if (line.isTerminal()) {
            line.draw(text);
        } else if (!words.equals(stage)) {
            line.print(text);
        }
        stage = words;
    }

    /** Ends the line. */
    void end() {
        line.end();
    }

    /** Seconds since the start. */
    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong() - startNanos);
    }
}
