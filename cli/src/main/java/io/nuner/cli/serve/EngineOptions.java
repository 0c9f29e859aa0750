package io.nuner.cli.serve;

import io.nuner.cli.engine.BatchOptions;
import io.nuner.cli.engine.CompileOptions;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code nuner serve} that concern the engine. */
public final class EngineOptions {
    public static final int MOST_LANES = 1024;
    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--engine",
            defaultValue = EngineChoice.AUTO,
            paramLabel = "NAME",
            description = "auto, onnx or tensorrt; auto takes the best that can run here. Default: ${DEFAULT-VALUE}.")
    private String name = EngineChoice.AUTO;

    @Option(
            names = "--lanes",
            defaultValue = "0",
            paramLabel = "N",
            description = "Batches that run at the same time; 0 takes what suits the engine, 1 on a CPU."
                    + " Default: ${DEFAULT-VALUE}.")
    private int lanes;

    @Option(
            names = "--threads",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Threads of each lane on a CPU; 0 shares out the cores. A lane lends those that it does not need."
                            + " Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Mixin
    private BatchOptions batches = new BatchOptions();

    @Mixin
    private CompileOptions compilation = new CompileOptions();

    String engine() {
        return name;
    }

    /** Refuses what no engine takes, naming the option. */
    void check() {
        BatchOptions.requireWithin(0, MOST_LANES, "--lanes", lanes);
        BatchOptions.requireWithin(0, MOST_THREADS, "--threads", threads);
        batches.check();
        compilation.check();
    }

    /** What does not depend on the engine that is taken. */
    CompileSettings compilation(Path cache, CompileSettings.Listener listener) {
        return compilation.settings(cache, listener);
    }

    /**
     * The settings for an engine.
     *
     * @param defaults what suits it, where the operator chose nothing
     * @param maxLabels labels of one text at most
     */
    EngineSettings settings(EngineProvider.Defaults defaults, int maxLabels, CompileSettings compile) {
        return new EngineSettings(
                batches.limits(defaults, maxLabels),
                BatchOptions.chosen(lanes, defaults.lanes()),
                threads,
                Optional.of(compile));
    }
}
