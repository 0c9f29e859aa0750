package io.nuner.server.batching;

/**
 * Decides whether a free lane waits for one more text. Batcher thread only.
 *
 * <p>With {@code n} texts at hand, C(n) the cost of their batch, C(1) that of one more text alone, C(n+1) that of all together
 * and {@code g} the time until one more is expected: going at once makes that one wait for the running batch, so waiting saves
 * it {@code C(n) + C(1) - g - C(n+1)} and costs each of the {@code n} at hand {@code g + C(n+1) - C(n)}. It pays where the
 * first exceeds the second, all texts counted alike. On an engine whose cost grows with its tokens from the first one on, it
 * never does; an idle server expects nobody soon, so there it does not either.
 */
final class Linger {
    private final BatchPolicy policy;
    private final Pace pace;

    Linger(BatchPolicy policy, Pace pace) {
        this.policy = policy;
        this.pace = pace;
    }

    /**
     * How long to wait for one more; zero to go now.
     *
     * @param former has chosen every text that waits
     * @param oldestReadyNanos when the oldest of them became ready
     */
    long nanos(BatchFormer former, long oldestReadyNanos, long nowNanos) {
        int rows = former.rows();
        if (policy.maxLingerNanos() == 0 || !policy.limits().admits(rows, former.longest(), pace.meanRow())) {
            return 0;
        }
        long gap = pace.expectedGapNanos(nowNanos);
        long now = pace.nanos(rows, former.longest(), former.sum());
        long alone = pace.nanos(1, pace.meanRow(), pace.meanRow());
        long together = pace.nanos(rows + 1, Math.max(former.longest(), pace.meanRow()), former.sum() + pace.meanRow());
        boolean pays = now + alone - gap - together > rows * (gap + together - now);
        boolean soonEnough = nowNanos - oldestReadyNanos + gap <= Math.min(policy.maxLingerNanos(), alone);
        boolean inTime = 2 * gap + 2 * together <= former.tightestNanos();
        return pays && soonEnough && inTime ? gap : 0;
    }
}
