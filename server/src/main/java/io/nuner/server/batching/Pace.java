package io.nuner.server.batching;

import io.nuner.server.costs.CostModel;
import java.util.Arrays;

/**
 * How fast the engine really goes: the measured costs, corrected by every batch that ran. Batcher thread only.
 *
 * <p>Averages are exponential: each batch, and each arrival, moves them by a fixed part of what it differs.
 */
final class Pace {
    private static final double DRIFT_PART = 0.1;
    private static final double TOKEN_PART = 0.1;
    private static final double ROW_PART = 0.02;
    /** A batch counts for at most this many times its expected time: a pause of the machine says nothing about the pace. */
    private static final double CREDIBLE = 4;

    private static final double DEVIATION_PART = 0.05;
    /** Two standard deviations of a normal distribution, in mean absolute ones. */
    private static final double DEVIATIONS = 2.5;

    private static final double TYPICAL_ROW = 64;
    /** The part of an estimate that must exceed the time left before a text is given up for it. */
    private static final double SURE = 0.8;

    private final BatchPolicy policy;
    private final SingleRuns single = new SingleRuns();
    private double drift = 1;
    /** By which part batches were off what was expected of them, on average. */
    private double deviation;

    private double meanRow = TYPICAL_ROW;
    private double nanosPerToken;
    private final Gap texts = new Gap();
    private final Gap calls = new Gap();

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

    /** Time from the last text to the next; grows while none comes. */
    long expectedGapNanos(long nowNanos) {
        return texts.expectedNanos(nowNanos);
    }

    /** The same of interactive texts that do not yield. */
    long expectedCallGapNanos(long nowNanos) {
        return calls.expectedNanos(nowNanos);
    }

    /** How long a batch will take. */
    long nanos(int rows, int longestRow, int tokens) {
        return (long) (policy.costs().nanos(rows, longestRow, tokens) * drift);
    }

    /** What a batch of that expected time hardly ever takes longer than. */
    long safeNanos(long expectedNanos) {
        return (long) (expectedNanos * (1 + DEVIATIONS * deviation));
    }

    /** How long the given number of other texts takes, once a lane is free. */
    long nanosOf(long texts) {
        return (long) (texts * meanRow * nanosPerToken());
    }

    /** How long a text takes alone. */
    long nanosAlone(PendingRequest request) {
        return nanos(1, request.tokens(), request.tokens());
    }

    /** True if a text with this wait before it would miss its deadline even if the estimate is too high. */
    boolean isSurelyLate(long waitNanos, PendingRequest request, long nowNanos) {
        double least = leastPart(request) * policy.costs().nanos(1, request.tokens(), request.tokens());
        return request.deadlineNanos() - nowNanos < waitNanos * SURE + least;
    }

    /** What a text takes at least, over what was measured at start. */
    private double leastPart(PendingRequest request) {
        return single.leastPart(request.tokens(), drift);
    }

    /** True if a text can still be in time. One that could not, even if it ran at once and alone, is answered UNMEETABLE. */
    boolean keepOrDeny(PendingRequest request, long nowNanos) {
        if (!isSurelyLate(0, request, nowNanos)) {
            return true;
        }
        request.reply().reject(Rejection.UNMEETABLE, nanosAlone(request));
        return false;
    }

    /**
     * Decides whether an idle engine runs a text although it seems too late, and notes that it does: only such a run shows that
     * the estimate is too high. Rarely true, and more rarely each time the estimate was right.
     */
    boolean tryAnyway(PendingRequest request, long nowNanos) {
        return single.tryAnyway(request.tokens(), nowNanos);
    }

    /** Notes that a text came; rows of documents say nothing about the next text. */
    void arrived(PendingRequest request, long nowNanos) {
        if (request.isRow()) {
            return;
        }
        meanRow += (request.tokens() - meanRow) * ROW_PART;
        texts.arrived(nowNanos);
        if (request.urgency() == Urgency.INTERACTIVE && !request.yields()) {
            calls.arrived(nowNanos);
        }
    }

    /** Learns from a batch whose forward pass succeeded; one that left texts behind shows the pace under full load. */
    void ran(Batch batch, long nowNanos) {
        CostModel costs = policy.costs();
        double measured = costs.nanos(batch.size(), batch.longestRow(), batch.tokens());
        double off = Math.abs((double) batch.runNanos() / batch.expectedNanos() - 1);
        deviation += (Math.min(1, off) - deviation) * DEVIATION_PART;
        drift = moved(drift, batch.runNanos() / measured, DRIFT_PART);
        if (batch.size() == 1) {
            single.ran(batch.tokens(), (nowNanos - batch.startNanos()) / measured, nowNanos, drift);
        }
        double perToken =
                batch.leftBehind() > 0 ? (double) batch.runNanos() / batch.tokens() : efficientNanosPerToken();
        nanosPerToken = moved(nanosPerToken, perToken, TOKEN_PART);
    }

    private static double moved(double average, double seen, double part) {
        double credible = Math.min(average * CREDIBLE, Math.max(average / CREDIBLE, seen));
        return average + (credible - average) * part;
    }

    /** Of a full batch of average rows. */
    private double efficientNanosPerToken() {
        int row = Math.min(meanRow(), policy.limits().maxRowTokens());
        int rows =
                Math.max(1, Math.min(policy.limits().maxRows(), policy.limits().maxBatchTokens() / row));
        return nanos(rows, row, rows * row) / (double) (rows * row);
    }

    /** The time between arrivals. */
    private static final class Gap {
        private static final double PART = 0.1;
        private static final long LONGEST_NANOS = 1_000_000_000L;

        private double meanNanos = LONGEST_NANOS;
        private long lastNanos;
        private boolean arrivedBefore;

        long expectedNanos(long nowNanos) {
            return arrivedBefore ? Math.max((long) meanNanos, nowNanos - lastNanos) : LONGEST_NANOS;
        }

        void arrived(long nowNanos) {
            if (arrivedBefore) {
                long gap = Math.min(nowNanos - lastNanos, LONGEST_NANOS);
                meanNanos += (gap - meanNanos) * PART;
            }
            arrivedBefore = true;
            lastNanos = nowNanos;
        }
    }

    /**
     * How long texts took that ran alone, from the batcher to the lane and back, over what was measured at start: about the least
     * of recent runs, for each doubling of the length, since the costs may be off by more at one length than at another.
     */
    private static final class SingleRuns {
        private static final int LENGTHS = Integer.SIZE;
        /** A faster run counts at once, a slower one by this part. */
        private static final double RISE = 0.2;
        /** A run this much faster than expected shows that the estimate was too high. */
        private static final double FASTER = 0.9;

        private static final long FIRST_PATIENCE_NANOS = 1_000_000_000L;
        private static final long LAST_PATIENCE_NANOS = 64_000_000_000L;
        private static final int PATIENCE_GROWTH = 4;

        private final Length[] lengths = new Length[LENGTHS];

        SingleRuns() {
            Arrays.setAll(lengths, length -> new Length());
        }

        private Length of(int tokens) {
            return lengths[Integer.SIZE - 1 - Integer.numberOfLeadingZeros(tokens)];
        }

        double leastPart(int tokens, double drift) {
            Length length = of(tokens);
            return length.trying ? 0 : length.least(drift);
        }

        boolean tryAnyway(int tokens, long nowNanos) {
            Length length = of(tokens);
            if (!length.asked) {
                length.asked = true;
                length.lastNanos = nowNanos;
            }
            if (nowNanos - length.lastNanos < length.patienceNanos) {
                return false;
            }
            length.trying = true;
            length.lastNanos = nowNanos;
            return true;
        }

        void ran(int tokens, double part, long nowNanos, double drift) {
            Length length = of(tokens);
            double expected = length.least(drift);
            boolean confirmed = length.trying && part >= FASTER * expected;
            length.patienceNanos = confirmed
                    ? Math.min(LAST_PATIENCE_NANOS, PATIENCE_GROWTH * length.patienceNanos)
                    : FIRST_PATIENCE_NANOS;
            double credible = Math.min(part, CREDIBLE * expected);
            length.least = credible < expected ? credible : expected + (credible - expected) * RISE;
            length.driftThen = drift;
            length.trying = false;
            length.asked = true;
            length.lastNanos = nowNanos;
        }

        /** What is known of one length. */
        private static final class Length {
            private boolean asked;
            private boolean trying;
            private double least = SURE;
            private double driftThen = 1;
            private long lastNanos;
            private long patienceNanos = FIRST_PATIENCE_NANOS;

            /** Falls with the drift: if other batches have become faster since, so has this length. */
            double least(double drift) {
                return least * Math.min(1, drift / driftThen);
            }
        }
    }
}
