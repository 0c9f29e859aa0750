package io.nuner.cli.common;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows on standard error how far some work is. A terminal has one line that is drawn again and again; elsewhere each line
 * stays. One thread at a time.
 */
public final class ProgressLine {
    /** Goes back to the beginning of a terminal's line and empties it. */
    private static final String REDRAW = "\r\u001b[K";

    private static final int BAR_WIDTH = 30;

    private final PrintWriter err;
    private final boolean terminal;
    private boolean drawn;

    public ProgressLine(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** A line on standard error, which is a terminal if the launcher says so. */
    public static ProgressLine on(PrintWriter err) {
        return new ProgressLine(err, Boolean.getBoolean("nuner.terminal"));
    }

    /** Such as {@code [###############...............]  50%}. */
    public static String bar(int percent) {
        int filled = BAR_WIDTH * percent / 100;
        return String.format(Locale.ROOT, "[%s%s] %3d%%", "#".repeat(filled), ".".repeat(BAR_WIDTH - filled), percent);
    }

    public boolean isTerminal() {
        return terminal;
    }

    /** Replaces what was drawn last; for terminals. */
    public void draw(String text) {
        err.print(REDRAW + text);
        err.flush();
        drawn = true;
    }

    /** Prints a line that stays, in place of what was drawn last. */
    public void print(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    /** Removes what was drawn last. */
    public void clear() {
        if (drawn) {
            err.print(REDRAW);
            err.flush();
            drawn = false;
        }
    }

    /** Keeps what was drawn last, and begins a new line. */
    public void end() {
        if (drawn) {
            err.println();
            err.flush();
            drawn = false;
        }
    }
}
