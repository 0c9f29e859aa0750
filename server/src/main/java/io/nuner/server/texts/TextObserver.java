package io.nuner.server.texts;

import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;

/**
 * Told once for each text what becomes of it. Called on any thread; must not block. If it throws, the caller still gets the
 * answer.
 */
public interface TextObserver {
    /**
     * A text is answered.
     *
     * @param nanos since the call arrived
     * @param tokens that the model read, labels included
     * @param inTime whether the answer left before the deadline
     */
    void answered(Tenant tenant, long nanos, int tokens, boolean inTime);

    /**
     * Texts are refused.
     *
     * @param texts how many; 1 for a call whose texts are not known
     */
    void refused(Tenant tenant, Rejection reason, int texts);

    /** A call ended before it was read, so its texts are not known. */
    void unread(Rejection reason);

    /** A text is dropped after it was given to the batcher; {@link #refused} is called as well. */
    void dropped(Rejection reason);
}
