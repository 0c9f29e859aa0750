package io.nuner.server.batching;

import java.util.List;

/** Takes one batch at a time. Implemented by whoever runs the engine. */
public interface Lane {
    /**
     * Hands over a batch; never blocks. The lane answers every request of it, then reports itself by {@link LaneFreed}.
     * Batcher thread only, and only while the lane is free.
     *
     * @param batch open requests at the time of the call, within the engine's limits; belongs to the lane
     */
    void start(List<PendingRequest> batch);
}
