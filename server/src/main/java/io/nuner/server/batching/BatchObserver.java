package io.nuner.server.batching;

/**
 * Told of what the batcher does. Called on the batcher thread; must not block or keep a batch. What it throws is reported as a
 * defect and costs no lane and no text.
 */
public interface BatchObserver {
    /** A batch is about to leave. */
    void launched(Batch batch);

    /** A batch is done, and its requests are still in it. */
    void finished(Batch batch);

    /** Does nothing. */
    static BatchObserver none() {
        return new BatchObserver() {
            @Override
            public void launched(Batch batch) {
                // nothing to do
            }

            @Override
            public void finished(Batch batch) {
                // nothing to do
            }
        };
    }
}
