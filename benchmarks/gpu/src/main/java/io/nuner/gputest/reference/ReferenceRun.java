package io.nuner.gputest.reference;

import io.nuner.engine.EngineException;

/** The reference's encoder at work. One thread at a time. Owns what it runs in until closed. */
public interface ReferenceRun extends AutoCloseable {
    /** Begins a batch; may return before it is done, and waits if too many are begun. */
    void submit(PaddedBatch batch) throws EngineException;

    /** Waits for all that was begun. */
    void finish() throws EngineException;

    /** Runs a batch and takes the hidden states of its first row, {@code [S, H]}. */
    float[] firstRow(PaddedBatch batch) throws EngineException;

    @Override
    void close();
}
