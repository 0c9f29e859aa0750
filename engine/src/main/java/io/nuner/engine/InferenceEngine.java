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

    /**
     * Opens a lane in place of one whose run does not come back; open lanes are as many as before.
     *
     * @param hung counts as closed from now on. Its buffers stay, since a thread may still be inside: that thread closes it,
     *     should it ever return
     * @throws EngineException if this engine cannot do that, or cannot do it now
     */
    default EngineLane replaceLane(EngineLane hung) throws EngineException {
        throw EngineException.cannotOpen(
                "this engine cannot replace a hung lane", new UnsupportedOperationException("replaceLane"));
    }

    /** Frees the model. Call after every lane is closed. Idempotent. */
    @Override
    void close();
}
