package io.nuner.cli.serve;

import io.nuner.cli.engine.BatchOptions;
import io.nuner.cli.engine.CompileOptions;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
            converter = Lanes.Reader.class,
            paramLabel = "N",
            description =
                    "Batches that run at the same time; 0 takes what suits the engine, 1 on a CPU. auto tries on a"
                            + " CPU how many give the most tokens per second. Default: ${DEFAULT-VALUE}.")
    private Lanes lanes = new Lanes(0, false);

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
        BatchOptions.requireWithin(0, MOST_LANES, "--lanes", lanes.count());
        BatchOptions.requireWithin(0, MOST_THREADS, "--threads", threads);
        if (lanes.tried() && threads > 0) {
            throw new IllegalArgumentException(
                    "--threads is for a number of --lanes; --lanes auto shares out all cores");
        }
        batches.check();
        compilation.check();
    }

    /** Whether the number of lanes is to be found by a trial. */
    boolean triesLanes() {
        return lanes.tried();
    }

    /** What does not depend on the engine that is taken. */
    CompileSettings compilation(Path cache, CompileSettings.Listener listener) {
        return compilation.settings(cache, listener);
    }

    /**
     * The settings for an engine, with the most lanes that a trial may find.
     *
     * @param defaults what suits it, where the operator chose nothing
     * @param maxLabels labels of one text at most
     */
    EngineSettings settings(EngineProvider.Defaults defaults, int maxLabels, CompileSettings compile) {
        return new EngineSettings(
                batches.limits(defaults, maxLabels), lanes.most(defaults.lanes()), threads, Optional.of(compile));
    }

    /**
     * How many lanes there are to be. Immutable.
     *
     * @param count 0 for what suits the engine
     * @param tried whether a trial finds out, on a CPU
     */
    record Lanes(int count, boolean tried) {
        /** As many as suit the engine; for a trial on a CPU, one for each core. */
        int most(int suiting) {
            boolean shareCores = suiting == 1;
            return tried && shareCores
                    ? Math.min(MOST_LANES, Runtime.getRuntime().availableProcessors())
                    : BatchOptions.chosen(count, suiting);
        }

        /** Reads a number or {@code auto}. */
        static final class Reader implements ITypeConverter<Lanes> {
            @Override
            public Lanes convert(String value) {
                if (value.equals(EngineChoice.AUTO)) {
                    return new Lanes(0, true);
                }
                try {
                    return new Lanes(Integer.parseInt(value), false);
                } catch (NumberFormatException e) {
                    throw new TypeConversionException("must be a whole number or auto, but was " + value);
                }
            }
        }
    }
}
