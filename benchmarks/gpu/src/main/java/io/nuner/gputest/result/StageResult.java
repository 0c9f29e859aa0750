package io.nuner.gputest.result;

import java.util.Locale;

/**
 * The result of a stage.
 *
 * @param id e.g. {@code S5}
 * @param title its title in the table
 * @param found what it wrote down
 */
public record StageResult(String id, String title, Ending ending, StageRecord found) {
    /** A stage that never began. */
    public static StageResult skipped(String id, String title, String reason) {
        return new StageResult(id, title, new Ending(Status.SKIPPED, reason, 0, 0), new StageRecord());
    }

    public Status status() {
        return ending.status();
    }

    /**
     * How a stage ended.
     *
     * @param reason why it is not ok, or what was cut short; may be empty
     * @param seconds how long it ran
     * @param limitSeconds how long it could have run
     */
    public record Ending(Status status, String reason, double seconds, double limitSeconds) {}

    /** How a stage can end. */
    public enum Status {
        OK,
        FAILED,
        SKIPPED,
        TIMED_OUT,
        INTERRUPTED;

        /** Its name for humans. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** True if it makes the run as a whole a failure. */
        public boolean isBad() {
            return this == FAILED || this == TIMED_OUT || this == INTERRUPTED;
        }
    }
}
