package io.nuner.server.batching;

/**
 * A lane does not come back from its run; whoever reports it answers the requests of its batch. Immutable.
 *
 * @param lane never used again
 */
public record LaneLost(Lane lane) implements BatcherEvent {
    @Override
    public void applyTo(Batcher batcher) {
        batcher.onLaneLost(lane);
    }

    @Override
    public void fail() {
        // No request hangs on it.
    }
}
