package io.nuner.engine.trt;

import io.nuner.engine.trt.execution.CaptureSizes;

/** Whether encoders are captured, which one switches off to find out what it brings. */
final class Captured {
    /** Set to false, no encoder runs as a captured graph. */
    private static final String PROPERTY = "nuner.trt.graphs";

    private Captured() {}

    /** Tokens of the largest batch that is captured; 0 for none. */
    static int maxTokens() {
        return Boolean.parseBoolean(System.getProperty(PROPERTY, "true")) ? CaptureSizes.DEFAULT_MAX_TOKENS : 0;
    }
}
