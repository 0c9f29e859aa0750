package io.nuner.server.rpc;

import io.nuner.server.batching.Rejection;
import io.nuner.server.batching.Tenant;

/** Told what becomes of every text, once for each. Called on any thread; must not block; if it throws, the caller is answered all the same. */
public interface TextObserver {
    /**
     * A text is answered.
     *
     * @param nanos since the call arrived
     * @param tokens that the model read, labels included
     * @param inTime whether that is before its deadline
     */
    void answered(Tenant tenant, long nanos, int tokens, boolean inTime);

    /** So many texts are refused; a call whose texts are not known counts as one. */
    void refused(Tenant tenant, Rejection reason, int texts);

    /** A call ended before it was read, so its texts are not known. */
    void unread(Rejection reason);

    /** A text that will be refused for that reason had been admitted and given to the batcher. */
    void dropped(Rejection reason);
}
