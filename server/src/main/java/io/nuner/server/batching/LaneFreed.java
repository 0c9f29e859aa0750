package io.nuner.server.batching;

/**
 * A lane can take a batch; its last one is done. Immutable.
 *
 * @param lane the idle lane
 */
public record LaneFreed(Lane lane) implements BatcherEvent {
    @Override
    public void applyTo(Batcher batcher) {
        batcher.onLaneFreed(lane);
    }

    @Override
    public void fail() {
        // No request hangs on it, and the batcher keeps the lane whatever is thrown.
    }
}
