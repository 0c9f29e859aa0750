package io.nuner.server.batching;

/** What the batcher reacts to. */
public sealed interface BatcherEvent permits PendingRequest, LaneFreed, LaneLost, LanesStuck, EngineLost {
    /** Tells the batcher. Batcher thread only. */
    void applyTo(Batcher batcher);

    /** Something went wrong while this event was handled: answers whoever waits for it. */
    void fail();
}
