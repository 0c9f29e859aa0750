package io.nuner.server.rpc;

import io.nuner.server.batching.Patience;

/**
 * How many texts of a stream may be read and not answered. One thread at a time.
 *
 * <p>It begins with a few. Each answer that is sent allows one more, so that a client that never reads gets little. An answer that took
 * more than an eighth of the time that a text has allows one less instead, and a text that ran out of time halves them. So
 * texts wait with the client, and not for an engine that cannot answer all of them in time.
 */
final class ReadAhead {
    private static final int FIRST = 4;
    /** Half of what {@link Patience} lasts: texts of many streams should not outlive it, as they then go before calls. */
    private static final int PART_OF_TIME = 8;

    private final int bound;
    private int texts;
    private int earned; // answers in time that are not sent

    /**
     * That of a new stream.
     *
     * @param bound texts at most
     */
    ReadAhead(int bound) {
        this.bound = bound;
        texts = Math.min(FIRST, bound);
    }

    int texts() {
        return texts;
    }

    /**
     * A text has its answer.
     *
     * @param tookNanos from when it was read; all of the time that it has if it ran out of time
     * @param timeoutNanos the time that it has
     */
    void answered(long tookNanos, long timeoutNanos) {
        if (tookNanos <= timeoutNanos / PART_OF_TIME) {
            earned++;
            return;
        }
        earned = 0;
        texts = Math.max(1, tookNanos < timeoutNanos ? texts - 1 : texts / 2);
    }

    /** An answer was sent. */
    void sent() {
        if (earned > 0) {
            earned--;
            texts = Math.min(texts + 1, bound);
        }
    }
}
