package io.nuner.engine;

import java.util.Optional;

/**
 * What runs the model.
 *
 * @param name the provider's name, e.g. {@code onnx}
 * @param version version of the native library
 * @param device e.g. {@code cpu}
 * @param lanes execution contexts that may run at the same time
 * @param parity how close it came to a reference, for engines that do not compute in float32
 */
public record EngineDescription(String name, String version, String device, int lanes, Optional<ParityReport> parity) {
    /** An engine that computes in float32. */
    public EngineDescription(String name, String version, String device, int lanes) {
        this(name, version, device, lanes, Optional.empty());
    }
}
