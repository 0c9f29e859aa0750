package io.nuner.cli;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineSettings;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the engine. */
final class EngineOptions {
    @Option(
            names = "--engine",
            defaultValue = EngineChoice.AUTO,
            paramLabel = "NAME",
            description = "auto, onnx or tensorrt; auto takes the best that can run here. Default: ${DEFAULT-VALUE}.")
    private String name = EngineChoice.AUTO;

    @Option(
            names = "--lanes",
            defaultValue = "1",
            paramLabel = "N",
            description = "Batches that run at the same time. Default: ${DEFAULT-VALUE}.")
    private int lanes;

    @Option(
            names = "--threads",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Threads of one batch on a CPU; 0 shares the cores among the lanes. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--batch-rows",
            defaultValue = "16",
            paramLabel = "N",
            description = "Texts in one batch at most. Default: ${DEFAULT-VALUE}.")
    private int batchRows;

    @Option(
            names = "--batch-tokens",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Texts of a batch times tokens of its longest one, at most. Default: ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Option(
            names = "--row-tokens",
            defaultValue = "2048",
            paramLabel = "N",
            description =
                    "Tokens of labels and text together, at most; never more than the model reads. Default: ${DEFAULT-VALUE}.")
    private int rowTokens;

    String engine() {
        return name;
    }

    /** The settings, for texts of at most the given number of labels. */
    EngineSettings settings(int maxLabels) {
        require("--batch-rows", batchRows);
        require("--batch-tokens", batchTokens);
        require("--row-tokens", rowTokens);
        return new EngineSettings(new EngineLimits(batchRows, rowTokens, batchTokens, maxLabels), lanes, threads);
    }

    private static void require(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but was " + value);
        }
    }
}
