package io.nuner.gputest.measure;

/**
 * How a steady rate is measured: after warming up, in several windows of time, whose median counts. Immutable.
 *
 * @param warmUpSeconds before the first window
 * @param count windows
 * @param seconds of each window, at least
 */
public record Windows(double warmUpSeconds, int count, double seconds) {
    private static final int COUNT = 5;
    private static final double LONGEST_SECONDS = 1.0;
    private static final double SHORTEST_SECONDS = 0.1;

    /** Windows for one of several measurements that share some time; each window is at most a second. */
    public static Windows within(double secondsForAll, int measurements) {
        double each = secondsForAll / measurements;
        double seconds = Math.max(SHORTEST_SECONDS, Math.min(LONGEST_SECONDS, each / (COUNT + 1.5)));
        return new Windows(seconds, COUNT, seconds);
    }

    /** Seconds of the warm-up and all windows. */
    public double totalSeconds() {
        return warmUpSeconds + count * seconds;
    }
}
