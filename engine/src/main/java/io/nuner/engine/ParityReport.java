package io.nuner.engine;

/**
 * How close an engine of lower precision came to a reference engine on rows of real text.
 *
 * @param reference the engine compared with, and its version, e.g. {@code onnx 1.29.0}
 * @param precision type of the products, e.g. {@code fp16}
 * @param rows rows compared
 * @param spans spans and labels that the reference finds, score above 0.5
 * @param differing of those found by either engine, the ones found by one only whose score is not within the margin of 0.5
 * @param withinMargin found by one only, but so close to 0.5 that rounding decides
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
