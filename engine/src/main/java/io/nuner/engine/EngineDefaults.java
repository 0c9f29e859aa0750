package io.nuner.engine;

/**
 * What suits an engine on this machine where the operator chose nothing.
 *
 * @param lanes execution contexts that run at the same time
 * @param batchRows rows of one batch
 * @param batchTokens rows of a batch times tokens of its longest one
 */
public record EngineDefaults(int lanes, int batchRows, int batchTokens) {
    /** One lane, since the lanes of a CPU share its cores; batches beyond these gain nothing there. */
    public static final EngineDefaults CPU = new EngineDefaults(1, 16, 4096);
}
