package io.nuner.server.batching;

/** How urgent an answer is. Immutable. */
public enum Urgency {
    /** Somebody waits for it. */
    INTERACTIVE,
    /** Takes what interactive texts leave, and becomes interactive once it has waited long. */
    BULK
}
