package io.nuner.server.batching;

import org.jspecify.annotations.Nullable;

/**
 * The batch of one lane, made once and filled again for every run. One thread at a time: the batcher's while the lane is
 * free, the lane's from {@link Lane#start} until it reports itself by {@link BatcherEvent.LaneFreed}. The watchdog may answer
 * the requests of a lane that it gives up during a run: that batch never comes back to the batcher.
 *
 * <pre>
 * field                       writer                       readers                   ordered by
 * requests, size              batcher: add, clear          batcher, lane, watchdog   Lane.start, then the ring
 * longestRow, tokens          batcher: add, clear          batcher                   one thread
 * startNanos, expectedNanos   batcher: start               batcher                   one thread
 * leftBehind                  batcher: leaves              batcher                   one thread
 * runNanos                    batcher: start; lane: ran    batcher                   Lane.start, then the ring
 * </pre>
 */
public final class Batch {
    private final @Nullable PendingRequest[] requests;
    private int size;
    private int longestRow;
    private int tokens;
    private long startNanos;
    private long expectedNanos;
    private int leftBehind;
    private long runNanos;

    /** An empty batch for at most the given number of rows. */
    public Batch(int maxRows) {
        requests = new PendingRequest[maxRows];
    }

    /** Rows. */
    public int size() {
        return size;
    }

    /** The request of a row. */
    public PendingRequest get(int row) {
        PendingRequest request = row < size ? requests[row] : null;
        if (request == null) {
            throw new IndexOutOfBoundsException("row " + row + " of " + size);
        }
        return request;
    }

    /** Tokens of the longest row. */
    public int longestRow() {
        return longestRow;
    }

    /** Tokens of all rows. */
    public int tokens() {
        return tokens;
    }

    /** Tokens with each row padded to the longest. */
    public int paddedTokens() {
        return size * longestRow;
    }

    /** When the batcher handed the batch to the lane. */
    public long startNanos() {
        return startNanos;
    }

    /** How long the batcher expected the run to take. */
    public long expectedNanos() {
        return expectedNanos;
    }

    /** How long the forward pass took; zero if none succeeded. */
    public long runNanos() {
        return runNanos;
    }

    /** Notes how long the forward pass of all rows together took. For the lane. */
    public void ran(long nanos) {
        runNanos = nanos;
    }

    void add(PendingRequest request) {
        requests[size++] = request;
        longestRow = Math.max(longestRow, request.tokens());
        tokens += request.tokens();
    }

    /** Texts that still waited when the batch left. */
    int leftBehind() {
        return leftBehind;
    }

    void leaves(int stillWaiting) {
        leftBehind = stillWaiting;
    }

    void start(long nowNanos, long expected) {
        startNanos = nowNanos;
        expectedNanos = expected;
        runNanos = 0;
    }

    /**
     * Answers every request that has no answer yet, each even if the receiver of another throws; what the first one throws is
     * thrown at the end.
     */
    public void rejectAll(Rejection reason) {
        FirstFailure failure = new FirstFailure();
        for (int row = 0; row < size; row++) {
            PendingRequest request = get(row);
            failure.run(() -> request.reply().reject(reason));
        }
        failure.rethrow();
    }

    /** Drops the requests, so that an idle lane keeps no text alive. */
    void clear() {
        for (int row = 0; row < size; row++) {
            requests[row] = null;
        }
        size = 0;
        longestRow = 0;
        tokens = 0;
    }
}
