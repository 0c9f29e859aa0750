package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.accuracy.LabelledText;
import io.nuner.model.accuracy.LossPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    @Option(
            names = "--accept-loss",
            description =
                    "Take an int8 export even if its answers differ from those of float32 by more than the bounds."
                            + " Its manifest and GetServerInfo say so.")
    private boolean acceptLoss;

    /** For a checkpoint. */
    public WeightType type() {
        return weights == null ? WeightType.FLOAT32 : weights;
    }

    /** What becomes of an int8 export beyond the bounds. */
    public LossPolicy loss() {
        return acceptLoss ? LossPolicy.ACCEPT : LossPolicy.REFUSE;
    }

    /**
     * What compares an int8 export with float32; nothing for float32. Loads the CPU engine.
     *
     * @throws CommandFailure if the CPU engine cannot run here
     */
    public Optional<AccuracyGate> gate() throws CommandFailure {
        return gate(List.of());
    }

    /** The same with texts of the user's own. */
    Optional<AccuracyGate> gate(List<LabelledText> own) throws CommandFailure {
        return type() == WeightType.INT8
                ? Optional.of(new AccuracyGate(CpuEngine.find(), own, loss()))
                : Optional.empty();
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
