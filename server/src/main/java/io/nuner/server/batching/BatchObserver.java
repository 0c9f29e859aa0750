package io.nuner.server.batching;

/** Told of what the batcher does. Called on the batcher thread; must not block, throw or keep a batch. */
public interface BatchObserver {
    /**
     * A batch is about to leave.
     *
     * @param waiting texts left behind
     */
    void launched(Batch batch, int waiting);

    /** A batch is done, and its requests are still in it. */
    void finished(Batch batch);

    /** An observer that looks away. */
    static BatchObserver none() {
        return new BatchObserver() {
            @Override
            public void launched(Batch batch, int waiting) {
                // nothing to do
            }

            @Override
            public void finished(Batch batch) {
                // nothing to do
            }
        };
    }
}
