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

    /**
     * How close an engine of lower precision came to a reference engine on rows of real text.
     *
     * @param reference the engine compared with, and its version, e.g. {@code onnx 1.29.0}
     * @param precision type of the products, e.g. {@code fp16}
     * @param rows rows compared
     * @param spans spans and labels that the reference finds, score above 0.5
     * @param differing spans that only one of the engines finds, with a score outside the margin around 0.5
     * @param withinMargin spans that only one of the engines finds, so close to 0.5 that rounding decides
     * @param maxDifference largest difference of two scores, between 0 and 1
     * @param p999Difference the difference that 99.9 % of the scores do not exceed
     */
    public record ParityReport(
            String reference,
            String precision,
            int rows,
            int spans,
            int differing,
            int withinMargin,
            double maxDifference,
            double p999Difference) {}
}
