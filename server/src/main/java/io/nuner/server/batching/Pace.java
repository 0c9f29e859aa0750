package io.nuner.server.batching;

import io.nuner.server.cells.CostModel;

/**
 * How fast the engine really goes: the measured costs, corrected by every batch that ran. Batcher thread only.
 *
 * <p>Averages are exponential: each batch, and each arrival, moves them by a fixed part of what it differs.
 */
final class Pace {
    private static final double DRIFT_PART = 0.1;
    private static final double TOKEN_PART = 0.1;
    private static final double ROW_PART = 0.02;
    private static final double GAP_PART = 0.1;
    /** A single batch counts for no more than so many times what was expected: a pause of the machine is no pace. */
    private static final double CREDIBLE = 4;
    /** What a refusal by an idle engine takes off the drift. */
    private static final double DOUBT = 0.98;

    private static final double LOWEST_DRIFT = 0.01;
    private static final double TYPICAL_ROW = 64;
    /** The part of an estimate that must exceed the time left before a text is given up for it. */
    private static final double SURE = 0.8;

    private static final long LONGEST_GAP_NANOS = 1_000_000_000L;

    private final BatchPolicy policy;
    private double drift = 1;
    private double meanRow = TYPICAL_ROW;
    private double nanosPerToken;
    private double gapNanos = LONGEST_GAP_NANOS;
    private long lastArrivalNanos;
    private boolean arrivedBefore;

    Pace(BatchPolicy policy) {
        this.policy = policy;
        nanosPerToken = efficientNanosPerToken();
    }

    /** Time of recent batches over what was measured at start. */
    double drift() {
        return drift;
    }

    /** Nanoseconds that the engine takes for a token when much is waiting, all lanes at work. */
    double nanosPerToken() {
        return nanosPerToken / policy.lanes();
    }

    /** Tokens of a text, on average. */
    int meanRow() {
        return (int) Math.max(1, meanRow);
    }

    /** When the next text is to be expected, counted from the last one: late itself if it is late. */
    long expectedGapNanos(long nowNanos) {
        return arrivedBefore ? Math.max((long) gapNanos, nowNanos - lastArrivalNanos) : LONGEST_GAP_NANOS;
    }

    /** How long a batch will take. */
    long nanos(int rows, int longestRow, int tokens) {
        return (long) (policy.costs().nanos(rows, longestRow, tokens) * drift);
    }

    /** How long a text takes that so many others go before, once a lane is free. */
    long nanosInTurn(long textsBefore, PendingRequest request) {
        return (long) (textsBefore * meanRow * nanosPerToken()) + nanosAlone(request);
    }

    private long nanosAlone(PendingRequest request) {
        return nanos(1, request.tokens(), request.tokens());
    }

    /** True if a text that takes so long would miss its deadline even if the estimate is too high. */
    boolean isSurelyLate(long estimateNanos, PendingRequest request, long nowNanos) {
        return request.deadlineNanos() - nowNanos < estimateNanos * SURE;
    }

    /** True if a text can still be in time; one that could not even if it ran at once and alone is answered so. */
    boolean isMeetable(PendingRequest request, long nowNanos) {
        long estimate = nanosAlone(request);
        if (!isSurelyLate(estimate, request, nowNanos)) {
            return true;
        }
        request.reply().deny(Rejection.UNMEETABLE, estimate);
        return false;
    }

    void arrived(PendingRequest request, long nowNanos) {
        meanRow += (request.tokens() - meanRow) * ROW_PART;
        if (arrivedBefore) {
            long gap = Math.min(nowNanos - lastArrivalNanos, LONGEST_GAP_NANOS);
            gapNanos += (gap - gapNanos) * GAP_PART;
        }
        arrivedBefore = true;
        lastArrivalNanos = nowNanos;
    }

    /** Learns from a batch whose forward pass succeeded; one that left texts behind was as good as batches get. */
    void ran(Batch batch) {
        CostModel costs = policy.costs();
        double measured = costs.nanos(batch.size(), batch.longestRow(), batch.tokens());
        drift = moved(drift, batch.runNanos() / measured, DRIFT_PART);
        double perToken =
                batch.leftBehind() > 0 ? (double) batch.runNanos() / batch.tokens() : efficientNanosPerToken();
        nanosPerToken = moved(nanosPerToken, perToken, TOKEN_PART);
    }

    private static double moved(double average, double seen, double part) {
        double credible = Math.min(average * CREDIBLE, Math.max(average / CREDIBLE, seen));
        return average + (credible - average) * part;
    }

    /** A text was given up although no lane is at work: were the estimates too high, no batch would ever show it. */
    void doubt() {
        drift = Math.max(LOWEST_DRIFT, drift * DOUBT);
        nanosPerToken *= DOUBT;
    }

    /** Of a full batch of average rows. */
    private double efficientNanosPerToken() {
        int row = Math.min(meanRow(), policy.limits().maxRowTokens());
        int rows =
                Math.max(1, Math.min(policy.limits().maxRows(), policy.limits().maxBatchTokens() / row));
        return nanos(rows, row, rows * row) / (double) (rows * row);
    }
}
