package io.nuner.cli;

import java.util.Locale;

/** The part of a progress display that looks the same for all work. */
final class ProgressBar {
    /** Goes back to the beginning of a terminal's line and empties it. */
    static final String REDRAW = "\r\u001b[K";

    private static final int WIDTH = 30;

    private ProgressBar() {}

    /** True if the launcher saw a terminal on standard error. */
    static boolean onTerminal() {
        return Boolean.getBoolean("nuner.terminal");
    }

    /** Such as {@code [###############...............]  50%}. */
    static String of(int percent) {
        int filled = WIDTH * percent / 100;
        return String.format(Locale.ROOT, "[%s%s] %3d%%", "#".repeat(filled), ".".repeat(WIDTH - filled), percent);
    }
}
