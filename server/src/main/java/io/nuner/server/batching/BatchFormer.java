package io.nuner.server.batching;

import io.nuner.server.batching.Admission.Document;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which texts of a window go together. Batcher thread only; allocates nothing.
 *
 * <p>For each length that occurs a batch is grown from the most entitled text of that length: the others that are no longer, in
 * the order of their entitlement, join where they add at least as much value for each nanosecond as the batch has, it still
 * fits the engine, and no member would miss its deadline. The batch with the most value for each nanosecond wins. Value is
 * useful tokens, more for those that have waited long, little for bulk texts. So texts go together where that is cheap, the
 * old ones first, and a batch need not be full. While a single interactive text waits, rows of documents have as little value as
 * bulk texts, and of each document at most one joins; so have texts that yield while one waits that does not. While such a call may
 * come before the batch would end, bulk texts and those that yield join only where that makes them much cheaper. A text that
 * the winner would make miss its deadline, or the most entitled one if it was passed over before or tenants compete, must be in.
 *
 * <p>The constants were chosen by simulation, see {@code benchmarks/results/batching-rules.json}.
 */
final class BatchFormer {
    static final int MAX_PASSES = 1;

    private static final int NONE = -1;
    private static final int LENGTH_STEP = 8;
    private static final int STEP_PLACES = 1024;
    /** Of bulk texts, and of rows of documents and texts that yield while an interactive text waits that goes before them. */
    private static final double LOW_VALUE = 0.02;
    /** While a single text may come before a batch of rows would end, further rows may make it this much longer. */
    private static final double ROWS_TIME = 1.25;
    /** While a call may come before a batch of bulk texts, or of such that yield, would end, a further one must be so much cheaper. */
    private static final double PATIENT_GAIN = 1.25;

    /** A text that has waited as long as a full batch takes is worth this part more. */
    private static final double AGE_VALUE = 0.2;

    private final BatchPolicy policy;
    private final Pace pace;
    private final int[] tokens;
    private final int[] step;
    private final long[] slackNanos;
    private final double[] value;
    private final boolean[] chosen;
    private final Window window;
    /** The number of the last search that met each step; steps that share a place may be searched twice. */
    private final long[] metSteps = new long[STEP_PLACES];

    private int search;
    private int count;

    private boolean callWaits;
    private boolean singleWaits;
    private long gapNanos;
    private long callGapNanos;
    /** Counts the batches that were tried. */
    private long trial;

    private int documentRows;
    private long firstRowNanos;
    private int rows;
    private int longest;
    private int sum;
    private double worth;
    private long tightestNanos;
    private long costNanos;
    private double peakScore;
    private int peakRows;
    private int bestRows;

    private @Nullable PendingRequest lastFirst;
    private int passes;

    BatchFormer(BatchPolicy policy, Pace pace, Window window) {
        this.policy = policy;
        this.pace = pace;
        this.window = window;
        int capacity = window.capacity();
        tokens = new int[capacity];
        step = new int[capacity];
        slackNanos = new long[capacity];
        value = new double[capacity];
        chosen = new boolean[capacity];
    }

    /** Marks the texts that go together; at least one if the window holds any. How long they take, in nanoseconds. */
    long choose(long nowNanos) {
        load(nowNanos);
        grow(bestSeed(NONE), NONE, bestRows);
        int forced = mustBeIn();
        if (forced != NONE) {
            grow(bestSeed(forced), forced, bestRows);
        }
        remember();
        return costNanos;
    }

    /** Forgets which text was passed over: nothing waits any more. */
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
        look();
        gapNanos = pace.expectedGapNanos(nowNanos);
        callGapNanos = pace.expectedCallGapNanos(nowNanos);
        for (int i = 0; i < count; i++) {
            PendingRequest request = window.get(i);
            tokens[i] = request.tokens();
            slackNanos[i] = request.deadlineNanos() - nowNanos;
            double age = 1 + AGE_VALUE * Math.max(0, nowNanos - request.readyNanos()) / fullNanos;
            value[i] = request.tokens() * age * (isLow(request) ? LOW_VALUE : 1);
            step[i] = step(request.tokens());
        }
    }

    /** Looks whether interactive texts wait that are no rows of documents, and such that do not yield. */
    private void look() {
        singleWaits = false;
        callWaits = false;
        for (int i = 0; i < count; i++) {
            PendingRequest request = window.get(i);
            boolean isSingle = request.urgency() == Urgency.INTERACTIVE && !request.isRow();
            singleWaits |= isSingle;
            callWaits |= isSingle && !request.yields();
        }
    }

    private boolean isLow(PendingRequest request) {
        return request.urgency() == Urgency.BULK || (request.isRow() && singleWaits) || (request.yields() && callWaits);
    }

    private double fullBatchNanos() {
        int rows = policy.limits().maxRows();
        return pace.nanos(rows, pace.meanRow(), rows * pace.meanRow());
    }

    /** Texts of one step count as equally long. */
    private int step(int length) {
        return (policy.costs().cells().paddedLength(length) + LENGTH_STEP - 1) / LENGTH_STEP;
    }

    /** The text to grow from, which sets the longest row; how many rows are best is left in {@link #bestRows}. */
    private int bestSeed(int forced) {
        int best = NONE;
        double bestScore = -1;
        search++;
        for (int seed = 0; seed < count; seed++) {
            boolean longEnough = forced == NONE || step[seed] >= step[forced];
            if (longEnough && markStep(seed)) {
                grow(seed, forced, Integer.MAX_VALUE);
                if (peakScore > bestScore) {
                    bestScore = peakScore;
                    bestRows = peakRows;
                    best = seed;
                }
            }
        }
        return best;
    }

    /** Marks the step of a text as met in this search; true if it was not marked yet. */
    private boolean markStep(int index) {
        long mark = ((long) search << Integer.SIZE) | step[index];
        int place = step[index] % STEP_PLACES;
        boolean first = metSteps[place] != mark;
        metSteps[place] = mark;
        return first;
    }

    private void grow(int seed, int forced, int maxRows) {
        Arrays.fill(chosen, 0, count, false);
        trial++;
        documentRows = 0;
        rows = 0;
        longest = 0;
        sum = 0;
        worth = 0;
        tightestNanos = Long.MAX_VALUE;
        costNanos = 1;
        peakScore = -1;
        if (forced != NONE) {
            tryAdd(forced);
        }
        if (seed != NONE && seed != forced) {
            tryAdd(seed);
        }
        int most = Math.min(maxRows, policy.limits().maxRows());
        for (int i = 0; i < count && rows < most; i++) {
            if (!chosen[i] && step[i] <= step[seed]) {
                tryAdd(i);
            }
        }
    }

    /** Adds a text if it fits, makes no text of the batch late, and adds at least the batch's value for its time. */
    private void tryAdd(int index) {
        if (!policy.limits().admits(rows, longest, tokens[index])) {
            return;
        }
        int newLongest = Math.max(longest, tokens[index]);
        long cost = pace.nanos(rows + 1, newLongest, sum + tokens[index]);
        boolean meets = pace.safeNanos(cost) <= Math.min(tightestNanos, slackNanos[index]);
        // the cost of the row itself: a batch that the engine pads to a listed number of rows is dearest just past one
        double rowNanos = policy.costs().rowNanos(newLongest, tokens[index]) * pace.drift();
        boolean pays = value[index] >= peakScore * rowNanos * leastGain(window.get(index), cost);
        if (rows == 0 || (meets && pays && mayJoin(index, cost))) {
            add(index, cost);
        }
    }

    /** How much more value for its time than the batch so far a text must add. */
    private double leastGain(PendingRequest request, long cost) {
        boolean isPatient = request.yields() || request.urgency() == Urgency.BULK;
        return isPatient && callGapNanos < cost ? PATIENT_GAIN : 1;
    }

    /** False for a row of a document that would keep single texts waiting, those here or the next to come. */
    private boolean mayJoin(int index, long cost) {
        Document document = window.get(index).document();
        if (document == null) {
            return true;
        }
        if (singleWaits && document.isIn(trial)) {
            return false;
        }
        return documentRows == 0 || cost <= ROWS_TIME * firstRowNanos || !(singleWaits || gapNanos < cost);
    }

    private void add(int index, long cost) {
        chosen[index] = true;
        Document document = window.get(index).document();
        if (document != null) {
            document.joins(trial);
            firstRowNanos = documentRows == 0 ? pace.nanosAlone(window.get(index)) : firstRowNanos;
            documentRows++;
        }
        rows++;
        longest = Math.max(longest, tokens[index]);
        sum += tokens[index];
        worth += value[index];
        tightestNanos = Math.min(tightestNanos, slackNanos[index]);
        costNanos = Math.max(1, cost);
        double score = worth / costNanos;
        if (score > peakScore) {
            peakScore = score;
            peakRows = rows;
        }
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

    /** While several tenants wait, the most entitled text may not be passed over. */
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

    /**
     * The texts that may go into the next batch, the most entitled first. Batcher thread only; made once and filled again for
     * every batch.
     */
    static final class Window {
        private final @Nullable PendingRequest[] requests;
        private final int sharedCapacity;
        private int size;
        private boolean shared;

        /**
         * An empty window.
         *
         * @param capacity texts of one tenant, of which those are chosen that go well together
         * @param sharedCapacity texts where several tenants compete: among more of them, the texts of the most entitled tenant
         *     would be passed over for others that go better together
         */
        Window(int capacity, int sharedCapacity) {
            requests = new PendingRequest[capacity];
            this.sharedCapacity = sharedCapacity;
        }

        int capacity() {
            return requests.length;
        }

        int size() {
            return size;
        }

        boolean isFull() {
            return size >= (shared ? sharedCapacity : requests.length);
        }

        PendingRequest get(int index) {
            PendingRequest request = index < size ? requests[index] : null;
            if (request == null) {
                throw new IndexOutOfBoundsException("place " + index + " of " + size);
            }
            return request;
        }

        /** True if several tenants compete, so that the most entitled text has to be served. */
        boolean isShared() {
            return shared;
        }

        void share(boolean byMany) {
            shared |= byMany;
        }

        void add(PendingRequest request) {
            requests[size++] = request;
        }

        /** When the longest waiting text became ready; call only if not empty. */
        long oldestReadyNanos() {
            long oldest = get(0).readyNanos();
            for (int i = 1; i < size; i++) {
                long ready = get(i).readyNanos();
                oldest = ready - oldest < 0 ? ready : oldest;
            }
            return oldest;
        }

        void clear() {
            Arrays.fill(requests, 0, size, null);
            size = 0;
            shared = false;
        }
    }
}
