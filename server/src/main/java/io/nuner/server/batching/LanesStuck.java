package io.nuner.server.batching;

/** Every lane is at a run that ought to have ended: whoever waits, waits in vain, until a lane comes back. Immutable. */
public record LanesStuck() implements BatcherEvent {
    @Override
    public void applyTo(Batcher batcher) {
        batcher.onLanesStuck();
    }

    @Override
    public void fail() {
        // No request hangs on it.
    }
}
