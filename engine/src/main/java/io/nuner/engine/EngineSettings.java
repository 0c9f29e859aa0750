package io.nuner.engine;

import java.util.Optional;

/**
 * What the operator chose for the engine.
 *
 * @param limits what one batch may hold
 * @param lanes execution contexts that run at the same time
 * @param threads threads of each lane on a CPU, that of the caller included; 0 shares the cores out among the lanes
 * @param compilation for engines that compile a model before they run it, which cannot open it without
 */
public record EngineSettings(EngineLimits limits, int lanes, int threads, Optional<CompileSettings> compilation) {
    public EngineSettings {
        if (lanes < 1) {
            throw new IllegalArgumentException("engine.lanes must be at least 1, but was " + lanes);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("engine.threads must be at least 0, but was " + threads);
        }
    }

    /** For an engine that compiles nothing. */
    public EngineSettings(EngineLimits limits, int lanes, int threads) {
        this(limits, lanes, threads, Optional.empty());
    }
}
