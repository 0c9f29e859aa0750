package io.nuner.server.batching;

import org.jspecify.annotations.Nullable;

/** One reused cell of the ring. Written by the one writer that claimed it, emptied by the batcher. */
final class BatcherSlot {
    private @Nullable BatcherEvent event;

    void put(BatcherEvent published) {
        event = published;
    }

    /** Applies the event and drops the reference first, so that a quiet ring keeps no text alive. */
    void apply(Batcher batcher) {
        BatcherEvent taken = event;
        event = null;
        if (taken == null) {
            return;
        }
        try {
            taken.applyTo(batcher);
        } catch (RuntimeException | Error e) {
            taken.fail();
            throw e; // to the ring's exception handler, which reports it and goes on
        }
    }
}
