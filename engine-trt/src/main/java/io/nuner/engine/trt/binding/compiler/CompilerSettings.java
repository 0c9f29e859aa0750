package io.nuner.engine.trt.binding.compiler;

import java.time.Duration;
import java.util.Optional;

/**
 * How to compile. Immutable.
 *
 * @param workspaceBytes GPU memory that a layer may use for itself at most; 0 for all there is
 * @param writeLayers true to write what the plan consists of as JSON into {@code <plan>.layers.json}
 * @param limit how long it may take; empty for as long as it likes
 */
public record CompilerSettings(long workspaceBytes, boolean writeLayers, Optional<Duration> limit) {
    /** All memory, no layers, no limit. */
    public static final CompilerSettings DEFAULT = new CompilerSettings(0, false, Optional.empty());

    public CompilerSettings {
        if (workspaceBytes < 0) {
            throw new IllegalArgumentException("workspaceBytes must be 0 or more, but was " + workspaceBytes);
        }
    }
}
