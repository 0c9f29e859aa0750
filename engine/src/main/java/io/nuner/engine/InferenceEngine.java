package io.nuner.engine;

/** A loaded model. Any thread. */
public interface InferenceEngine extends AutoCloseable {
    /** What runs the model, for humans and {@code GetServerInfo}. */
    EngineDescription description();

    /** What one batch may hold: the operator's limits, and no row longer than the model reads. */
    EngineLimits limits();

    /** The shapes to which a batch is padded; they {@link EngineCells#cover} the limits. */
    default EngineCells cells() {
        return EngineCells.ANY;
    }

    /**
     * Opens one of the {@link EngineDescription#lanes()} execution contexts.
     *
     * @throws EngineException if no further context can be had
     */
    EngineLane openLane() throws EngineException;

    /** Frees the model. Call after every lane is closed. Idempotent. */
    @Override
    void close();
}
