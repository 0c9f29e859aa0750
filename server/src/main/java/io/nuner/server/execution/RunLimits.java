package io.nuner.server.execution;

/**
 * How long a run may take. Immutable.
 *
 * <p>A run is slow after the soft limit, or after five times its expected time if that is longer. It is hung after the hard
 * limit, or after twenty times its expected time if that is longer. So a slow model on a slow machine is not given up for
 * honest work.
 *
 * @param softNanos a run that takes this long is reported
 * @param hardNanos a run that takes this long is given up; more than the soft limit
 */
public record RunLimits(long softNanos, long hardNanos) {
    private static final long SLOW_FACTOR = 5;
    private static final long HUNG_FACTOR = 20;
    /** Looks within one soft limit while something is wrong. */
    private static final long LOOKS = 8;

    public RunLimits {
        if (softNanos < 1 || hardNanos <= softNanos) {
            throw new IllegalArgumentException("the hard limit must be above the soft one, but they are " + hardNanos
                    + " and " + softNanos + " ns");
        }
    }

    boolean isSlow(LaneRun run, long nowNanos) {
        return run.isBusy() && run.ageNanos(nowNanos) >= slowAfter(run);
    }

    boolean isHung(LaneRun run, long nowNanos) {
        return run.isBusy() && run.ageNanos(nowNanos) >= Math.max(hardNanos, HUNG_FACTOR * run.expectedNanos());
    }

    /** How long until the run is slow. */
    long untilSlow(LaneRun run, long nowNanos) {
        return slowAfter(run) - run.ageNanos(nowNanos);
    }

    private long slowAfter(LaneRun run) {
        return Math.max(softNanos, SLOW_FACTOR * run.expectedNanos());
    }

    long lookNanos() {
        return Math.max(1, softNanos / LOOKS);
    }
}
