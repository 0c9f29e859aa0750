package io.nuner.server.batching;

import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Admission.Document;
import org.jspecify.annotations.Nullable;

/** A text, or a row of a document, that is ready to run. Immutable, except for its reply and the notes of the batcher's queues. */
public final class PendingRequest implements BatcherEvent {
    private final TokenRow row;
    private final long readyNanos;
    private final long deadlineNanos;
    private final Reply reply;
    private final @Nullable Document document;

    /** Batcher thread only: bulk until promoted, if it came as bulk. */
    private Urgency urgency;

    /** Batcher thread only: lets calls go first until its patience ends. */
    private boolean yields;

    /** Batcher thread only: it has left its queue, or is about to. */
    private boolean removed;

    /**
     * A text for the batcher.
     *
     * @param row what the engine sees
     * @param readyNanos when it became ready, on the server's nano clock
     * @param deadlineNanos when nobody wants the answer any more, on the same clock
     * @param reply where the answer goes
     */
    public PendingRequest(TokenRow row, long readyNanos, long deadlineNanos, Reply reply) {
        this.row = row;
        this.readyNanos = readyNanos;
        this.deadlineNanos = deadlineNanos;
        this.reply = reply;
        document = reply.document();
        urgency = reply.urgency();
        yields = reply.yields();
    }

    /** What the engine sees. */
    public TokenRow row() {
        return row;
    }

    /** Tokens of the row. */
    public int tokens() {
        return row.tokenCount();
    }

    /** When it became ready. */
    public long readyNanos() {
        return readyNanos;
    }

    /** When nobody wants the answer any more. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Where the answer goes. */
    public Reply reply() {
        return reply;
    }

    /** Whose it is. */
    public Tenant tenant() {
        return reply.tenant();
    }

    /** The document whose row it is; null for a text that runs in one row. */
    @Nullable
    Document document() {
        return document;
    }

    /** True for one of several rows of a text. */
    boolean isRow() {
        return document != null;
    }

    /** True while it lets calls of its tenant go first. Batcher thread only. */
    boolean yields() {
        return yields;
    }

    /** From now on it is like a call. Batcher thread only. */
    void endPatience() {
        yields = false;
    }

    /**
     * By what it is sorted among its like: texts by deadline, those that yield by when their patience ends, rows of documents by when
     * they became ready. Batcher thread only.
     */
    long orderNanos() {
        if (yields) {
            return Patience.endNanos(readyNanos, deadlineNanos);
        }
        return document == null ? deadlineNanos : readyNanos;
    }

    /** How urgent it is now: a bulk text becomes interactive once it has waited long. Batcher thread only. */
    Urgency urgency() {
        return urgency;
    }

    void promote() {
        urgency = Urgency.INTERACTIVE;
    }

    /** True from the deadline on. */
    public boolean isExpired(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    /** True if the answer is still wanted. A request past its deadline is answered EXPIRED. Any thread. */
    public boolean keepOrExpire(long nowNanos) {
        if (isExpired(nowNanos)) {
            reply.reject(Rejection.EXPIRED);
        }
        return reply.isOpen();
    }

    boolean isRemoved() {
        return removed;
    }

    void setRemoved(boolean now) {
        removed = now;
    }

    @Override
    public void applyTo(Batcher batcher) {
        batcher.onArrived(this);
    }

    @Override
    public void fail() {
        reply.reject(Rejection.DEFECT);
    }
}
