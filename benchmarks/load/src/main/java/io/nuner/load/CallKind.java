package io.nuner.load;

/** What a call is there to show. */
public enum CallKind {
    /** An ordinary question. Only these have latencies. */
    VALID,
    /** The client gives it up at some time of its life. */
    CANCELLED,
    /** Its deadline is so short that most servers cannot meet it. */
    SHORT_DEADLINE,
    /** It breaks the contract and must be refused. */
    MALFORMED
}
