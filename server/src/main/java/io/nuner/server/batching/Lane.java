package io.nuner.server.batching;

/** Runs one batch at a time. Implemented by whoever runs the engine. */
public interface Lane {
    /** Its batch, always the same object; see there who may touch it when. */
    Batch batch();

    /**
     * Hands over the filled batch; never blocks. The lane answers every request of it, then reports itself by {@link
     * BatcherEvent.LaneFreed}. Batcher thread only, and only while the lane is free.
     */
    void start();
}
