package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of all commands that export checkpoints. */
public final class WeightsOption {
    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            description =
                    "float32 or int8: how a checkpoint's weights are exported. int8 is a quarter of the size and on"
                            + " a CPU more than twice as fast; scores differ a little. Default: float32.")
    private @Nullable WeightType weights;

    /** For a checkpoint. */
    public WeightType type() {
        return weights == null ? WeightType.FLOAT32 : weights;
    }

    /** Refuses an export that has others than were asked for. */
    void requireOf(Path export, ModelManifest manifest) throws CommandFailure {
        if (weights != null && weights != manifest.weights()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--weights is " + weights + ", but --model " + export + " was exported with " + manifest.weights()
                            + "; leave --weights out, or export the checkpoint again");
        }
    }
}
