package io.nuner.engine;

/**
 * One execution context of an engine. One thread at a time; owns its buffers for life.
 *
 * <p>A lane outlives a failed batch unless the exception is fatal.
 */
public interface EngineLane extends AutoCloseable {
    /**
     * Runs one forward pass; blocks until it is done.
     *
     * @param batch within the engine's {@link EngineLimits}
     * @return scores of this very batch, valid until the next call on this lane
     * @throws EngineException if the pass failed; every row of the batch is then without a result
     * @throws IllegalArgumentException if the batch exceeds a limit
     */
    Logits run(PackedBatch batch) throws EngineException;

    /** Frees the buffers. Idempotent. */
    @Override
    void close();
}
