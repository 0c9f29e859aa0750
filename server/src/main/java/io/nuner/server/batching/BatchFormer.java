package io.nuner.server.batching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which texts of a window go together. Batcher thread only; allocates nothing.
 *
 * <p>The texts are ordered by length. A batch is grown from each length downwards, as long as it fits the engine and no
 * member would miss its deadline, and the one with the most value for each nanosecond wins: value is useful tokens, more for
 * those that have waited long, little for bulk texts. Since the last to join have waited least, a batch ends where one more
 * would bring less than it costs, and need not be full. A text that the winner would make miss its deadline, or the most
 * entitled one if it was passed over {@value #MAX_PASSES} times or tenants compete, must be in.
 *
 * <p>The constants were chosen by simulation, see {@code benchmarks/results/batching-rules.json}.
 */
final class BatchFormer {
    static final int MAX_PASSES = 3;

    private static final int NONE = -1;
    private static final int LENGTH_STEP = 8;
    private static final double BULK_VALUE = 0.02;
    /** A text that has waited for a full batch is worth so many times more. */
    private static final double AGE_VALUE = 4;

    private static final int INDEX_BITS = 16;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private final BatchPolicy policy;
    private final Pace pace;
    private final long[] keys;
    private final int[] order;
    private final int[] tokens;
    private final long[] slackNanos;
    private final double[] value;
    private final boolean[] chosen;
    private int count;
    private final Window window;

    private int rows;
    private int longest;
    private int sum;
    private double worth;
    private long tightestNanos;
    private long costNanos;
    private double stopAt;

    private @Nullable PendingRequest lastFirst;
    private int passes;

    BatchFormer(BatchPolicy policy, Pace pace, Window window) {
        this.policy = policy;
        this.pace = pace;
        this.window = window;
        int capacity = window.capacity();
        keys = new long[capacity];
        order = new int[capacity];
        tokens = new int[capacity];
        slackNanos = new long[capacity];
        value = new double[capacity];
        chosen = new boolean[capacity];
    }

    /** Marks the texts that go together; at least one if the window holds any. How long they take, in nanoseconds. */
    long choose(long nowNanos) {
        load(nowNanos);
        grow(bestEnd(NONE), NONE);
        int forced = mustBeIn();
        if (forced != NONE) {
            grow(bestEnd(forced), forced);
        }
        remember();
        return costNanos;
    }

    /** Forgets what was passed over; nothing waits. */
    void forget() {
        lastFirst = null;
        passes = 0;
    }

    boolean isChosen(int index) {
        return chosen[index];
    }

    int rows() {
        return rows;
    }

    int longest() {
        return longest;
    }

    int sum() {
        return sum;
    }

    long tightestNanos() {
        return tightestNanos;
    }

    private void load(long nowNanos) {
        count = window.size();
        double fullNanos = fullBatchNanos();
        for (int i = 0; i < count; i++) {
            PendingRequest request = window.get(i);
            tokens[i] = request.tokens();
            slackNanos[i] = request.deadlineNanos() - nowNanos;
            double age = 1 + AGE_VALUE * Math.max(0, nowNanos - request.readyNanos()) / fullNanos;
            value[i] = request.tokens() * age * (request.urgency() == Urgency.BULK ? BULK_VALUE : 1);
            // ascending by length, the most entitled of a length last, so that growing downwards meets it first
            keys[i] = ((long) step(request.tokens()) << INDEX_BITS) | (INDEX_MASK - i);
        }
        Arrays.sort(keys, 0, count);
        for (int i = 0; i < count; i++) {
            order[i] = (int) (INDEX_MASK - (keys[i] & INDEX_MASK));
        }
    }

    private double fullBatchNanos() {
        int rows = policy.limits().maxRows();
        return pace.nanos(rows, pace.meanRow(), rows * pace.meanRow());
    }

    /** Texts of one step count as equally long. */
    private int step(int length) {
        return (policy.costs().cells().paddedLength(length) + LENGTH_STEP - 1) / LENGTH_STEP;
    }

    private boolean isEnd(int place) {
        return place == count - 1 || keys[place] >>> INDEX_BITS != keys[place + 1] >>> INDEX_BITS;
    }

    /** Where to grow from; the score at which to stop is left in {@link #stopAt}. */
    private int bestEnd(int forced) {
        int best = NONE;
        double bestScore = -1;
        for (int end = count - 1; end >= 0; end--) {
            if (isEnd(end) && (forced == NONE || step(tokens[order[end]]) >= step(tokens[forced]))) {
                double score = bestScore(end, forced);
                if (score > bestScore) {
                    bestScore = score;
                    best = end;
                }
            }
        }
        stopAt = bestScore;
        return best;
    }

    private double bestScore(int end, int forced) {
        begin(forced);
        double best = score();
        for (int place = end; place >= 0 && fits(order[place]); place--) {
            if (tryAdd(order[place], forced)) {
                best = Math.max(best, score());
            }
        }
        return best;
    }

    private void grow(int end, int forced) {
        Arrays.fill(chosen, 0, count, false);
        begin(forced);
        if (forced != NONE) {
            chosen[forced] = true;
        }
        for (int place = end; place >= 0 && score() < stopAt && fits(order[place]); place--) {
            if (tryAdd(order[place], forced)) {
                chosen[order[place]] = true;
            }
        }
    }

    private void begin(int forced) {
        rows = 0;
        longest = 0;
        sum = 0;
        worth = 0;
        tightestNanos = Long.MAX_VALUE;
        costNanos = 1;
        if (forced != NONE) {
            add(forced, pace.nanos(1, tokens[forced], tokens[forced]));
        }
    }

    private double score() {
        return worth / costNanos;
    }

    private boolean fits(int index) {
        return policy.limits().admits(rows, longest, tokens[index]);
    }

    private boolean tryAdd(int index, int forced) {
        if (index == forced) {
            return false;
        }
        int newLongest = Math.max(longest, tokens[index]);
        long cost = pace.nanos(rows + 1, newLongest, sum + tokens[index]);
        boolean meets = cost <= Math.min(tightestNanos, slackNanos[index]);
        if (rows > 0 && !meets) {
            return false;
        }
        add(index, cost);
        return true;
    }

    private void add(int index, long cost) {
        rows++;
        longest = Math.max(longest, tokens[index]);
        sum += tokens[index];
        worth += value[index];
        tightestNanos = Math.min(tightestNanos, slackNanos[index]);
        costNanos = Math.max(1, cost);
    }

    /** A text that would be too late after the chosen ones, else the first if it was passed over too often, else none. */
    private int mustBeIn() {
        int found = NONE;
        for (int i = 0; i < count; i++) {
            boolean late = !chosen[i] && slackNanos[i] < costNanos + pace.nanos(1, tokens[i], tokens[i]);
            if (late && (found == NONE || slackNanos[i] < slackNanos[found])) {
                found = i;
            }
        }
        if (found != NONE) {
            return found;
        }
        boolean passed = count > 0 && !chosen[0] && passesLeft() == 0;
        return passed ? 0 : NONE;
    }

    /** Between tenants, only the most entitled is right. */
    private int passesLeft() {
        if (window.isShared()) {
            return 0;
        }
        return window.get(0) == lastFirst ? MAX_PASSES - passes : MAX_PASSES;
    }

    private void remember() {
        if (count == 0 || chosen[0]) {
            forget();
        } else if (window.get(0) == lastFirst) {
            passes++;
        } else {
            lastFirst = window.get(0);
            passes = 1;
        }
    }
}
