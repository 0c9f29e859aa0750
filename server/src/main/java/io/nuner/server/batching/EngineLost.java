package io.nuner.server.batching;

/** No lane will ever run again. Immutable. */
public record EngineLost() implements BatcherEvent {
    @Override
    public void applyTo(Batcher batcher) {
        batcher.onEngineLost();
    }

    @Override
    public void fail() {
        // No request hangs on it.
    }
}
