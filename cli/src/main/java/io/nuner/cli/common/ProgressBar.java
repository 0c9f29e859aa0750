package io.nuner.cli.common;

import java.util.Locale;

/** The part of a progress display that looks the same for all work. */
public final class ProgressBar {
    /** Goes back to the beginning of a terminal's line and empties it. */
    public static final String REDRAW = "\r\u001b[K";

    private static final int WIDTH = 30;

    private ProgressBar() {}

    /** True if the launcher saw a terminal on standard error. */
    public static boolean onTerminal() {
        return Boolean.getBoolean("nuner.terminal");
    }

    /** Such as {@code [###############...............]  50%}. */
    public static String of(int percent) {
        int filled = WIDTH * percent / 100;
        return String.format(Locale.ROOT, "[%s%s] %3d%%", "#".repeat(filled), ".".repeat(WIDTH - filled), percent);
    }
}
