package io.nuner.server.execution;

/** Told of what goes wrong in the engine. Called on lane threads; must not block or throw. */
public interface EngineWatch {
    /** A batch, or a row of it, failed; the engine goes on. */
    void batchFailed(Throwable fault);

    /** The engine cannot run any further batch. May be called by each lane. */
    void engineLost(Throwable fault);
}
