package io.nuner.cli.engine;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for engines that compile a model before they run it. */
public final class CompileOptions {
    @Option(
            names = "--precision",
            defaultValue = "fp16",
            paramLabel = "TYPE",
            description =
                    "fp16 or bf16: in which type a GPU computes its products. bf16 is coarser and never overflows."
                            + " Default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.FP16;

    @Option(
            names = "--profiles",
            defaultValue = "32,64,96,128,192,256,384,512,768,1024",
            split = ",",
            paramLabel = "N",
            description =
                    "Row lengths that a model is compiled for, in tokens, ascending; each costs memory and time to"
                            + " build, and longer rows are refused. Default: ${DEFAULT-VALUE}.")
    private List<Integer> profiles = List.of();

    /** Refuses what no engine takes, naming the option. */
    public void check() {
        settings(Path.of(""), words -> {});
    }

    /**
     * The settings.
     *
     * @param cache where compiled models are kept
     * @param listener told each stage of the compilation
     */
    public CompileSettings settings(Path cache, CompileSettings.Listener listener) {
        return new CompileSettings(cache, precision, profiles, listener);
    }
}
