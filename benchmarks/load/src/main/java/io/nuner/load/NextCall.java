package io.nuner.load;

/**
 * All that is decided about a call before it is sent. Immutable.
 *
 * @param text index in the pool
 * @param labels index of the label set
 * @param tenant index in the traffic's tenants
 * @param bulk whether its priority is bulk
 * @param deadlineNanos counted from its intended start
 * @param point in [0, 1): when in its life it is cancelled, or how it is malformed
 */
record NextCall(Kind kind, int text, int labels, int tenant, boolean bulk, long deadlineNanos, double point) {

    /** What a call is there to show. */
    enum Kind {
        /** An ordinary question. Only these have latencies. */
        VALID,
        /** The client cancels it at some time of its life. */
        CANCELLED,
        /** Its deadline is so short that most servers cannot meet it. */
        SHORT_DEADLINE,
        /** It breaks the contract and must be refused. */
        MALFORMED
    }
}
