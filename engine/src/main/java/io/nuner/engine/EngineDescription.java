package io.nuner.engine;

/**
 * What runs the model.
 *
 * @param name the provider's name, e.g. {@code onnx}
 * @param version version of the native library
 * @param device e.g. {@code cpu}
 * @param lanes execution contexts that may run at the same time
 */
public record EngineDescription(String name, String version, String device, int lanes) {}
