package io.nuner.cli.engine;

import io.nuner.engine.EngineLimits;
import io.nuner.engine.EngineProvider;
import picocli.CommandLine.Option;

/** The options that bound a batch; an engine that compiles a model compiles it for these. */
public final class BatchOptions {
    private static final int MOST_ROWS = 65_536;
    private static final int MOST_TOKENS = 1 << 24;

    @Option(
            names = "--batch-rows",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Texts in one batch at most; 0 takes what suits the engine, 16 on a CPU. Default: ${DEFAULT-VALUE}.")
    private int batchRows;

    @Option(
            names = "--batch-tokens",
            defaultValue = "0",
            paramLabel = "N",
            description = "Texts of a batch times tokens of its longest one, at most; 0 takes what suits the engine,"
                    + " 4096 on a CPU. Default: ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Option(
            names = "--row-tokens",
            defaultValue = "2048",
            paramLabel = "N",
            description =
                    "Tokens of labels and text together, at most; never more than the model reads. Default: ${DEFAULT-VALUE}.")
    private int rowTokens;

    /** Refuses what no engine takes, naming the option. */
    public void check() {
        requireWithin(0, MOST_ROWS, "--batch-rows", batchRows);
        requireWithin(0, MOST_TOKENS, "--batch-tokens", batchTokens);
        requireWithin(1, MOST_TOKENS, "--row-tokens", rowTokens);
    }

    /** The limits, for texts of at most the given number of labels. */
    public EngineLimits limits(EngineProvider.Defaults defaults, int maxLabels) {
        return new EngineLimits(
                chosen(batchRows, defaults.batchRows()),
                rowTokens,
                chosen(batchTokens, defaults.batchTokens()),
                maxLabels);
    }

    /** What the operator chose, or else what suits the engine. */
    public static int chosen(int option, int suiting) {
        return option == 0 ? suiting : option;
    }

    public static void requireWithin(int least, int most, String option, int value) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", but was " + value);
        }
        if (value > most) {
            throw new IllegalArgumentException(option + " must be at most " + most + ", but was " + value);
        }
    }
}
