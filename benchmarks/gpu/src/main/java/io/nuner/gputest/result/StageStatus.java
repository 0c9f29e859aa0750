package io.nuner.gputest.result;

import java.util.Locale;

/** How a stage ended. */
public enum StageStatus {
    OK,
    FAILED,
    SKIPPED,
    TIMED_OUT,
    INTERRUPTED;

    /** Its name for humans. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** True if the run as a whole has failed by this. */
    public boolean isBad() {
        return this == FAILED || this == TIMED_OUT || this == INTERRUPTED;
    }
}
