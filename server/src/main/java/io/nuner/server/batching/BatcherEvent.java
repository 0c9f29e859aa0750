package io.nuner.server.batching;

/** What the batcher reacts to: a text, or news of the lanes. */
public sealed interface BatcherEvent
        permits PendingRequest,
                BatcherEvent.LaneFreed,
                BatcherEvent.LaneLost,
                BatcherEvent.LanesStuck,
                BatcherEvent.EngineLost {
    /** Tells the batcher. Batcher thread only. */
    void applyTo(Batcher batcher);

    /** Answers the caller that waits for this event, after its handling failed. No caller waits for news of the lanes. */
    default void fail() {}

    /**
     * A lane can take a batch; its last one is done. Immutable.
     *
     * @param lane the idle lane
     */
    record LaneFreed(Lane lane) implements BatcherEvent {
        @Override
        public void applyTo(Batcher batcher) {
            batcher.onLaneFreed(lane);
        }
    }

    /**
     * A lane does not come back from its run; whoever reports it answers the requests of its batch. Immutable.
     *
     * @param lane never used again
     */
    record LaneLost(Lane lane) implements BatcherEvent {
        @Override
        public void applyTo(Batcher batcher) {
            batcher.onLaneLost(lane);
        }
    }

    /** Every lane is past its soft limit: callers wait in vain until a lane comes back. Immutable. */
    record LanesStuck() implements BatcherEvent {
        @Override
        public void applyTo(Batcher batcher) {
            batcher.onLanesStuck();
        }
    }

    /** No lane will ever run again. Immutable. */
    record EngineLost() implements BatcherEvent {
        @Override
        public void applyTo(Batcher batcher) {
            batcher.onEngineLost();
        }
    }
}
