package io.nuner.server.execution;

/**
 * A piece of a lane's work that should end soon: a forward pass, or the opening of a lane that replaces another.
 * Immutable; compared by identity, so a look at one run cannot be mistaken for a look at the next.
 */
final class LaneRun {
    /** The lane waits for work. */
    static final LaneRun NONE = new LaneRun(0, 0, false);

    /** The lane was given up: what its thread still does has no effect. */
    static final LaneRun GIVEN_UP = new LaneRun(0, 0, false);

    private final long startNanos;
    private final long expectedNanos;
    private final boolean trial;

    private LaneRun(long startNanos, long expectedNanos, boolean trial) {
        this.startNanos = startNanos;
        this.expectedNanos = expectedNanos;
        this.trial = trial;
    }

    /** A forward pass that starts now. */
    static LaneRun pass(long nowNanos, long expectedNanos) {
        return new LaneRun(nowNanos, expectedNanos, false);
    }

    /** The opening and the first pass of a replacement, which has to prove itself. */
    static LaneRun trial(long nowNanos) {
        return new LaneRun(nowNanos, 0, true);
    }

    /** The next pass of the same work. */
    LaneRun next(long nowNanos) {
        return new LaneRun(nowNanos, expectedNanos, trial);
    }

    /** True if the lane is at work. */
    boolean isBusy() {
        return this != NONE && this != GIVEN_UP;
    }

    /** True until a replacement has proved itself. */
    boolean isTrial() {
        return trial;
    }

    long ageNanos(long nowNanos) {
        return nowNanos - startNanos;
    }

    long expectedNanos() {
        return expectedNanos;
    }
}
