package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Version;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.accuracy.LabelledText;
import io.nuner.model.accuracy.LabelledTexts;
import io.nuner.model.accuracy.TextsException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner export}: turns a checkpoint into the form that engines load. */
@Command(
        name = "export",
        description = {
            "Exports a checkpoint to ONNX, so that serving needs no checkpoint and starts fast.",
            "A checkpoint holds gliner_config.json, model.safetensors, whole or in shards, or pytorch_model.bin,"
                    + " and tokenizer.json or spm.model."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class ExportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

    @Option(names = "--checkpoint", required = true, paramLabel = "DIR", description = "The checkpoint to read.")
    private Path checkpoint = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The directory to write; must not exist. Appears only when it is complete.")
    private Path out = Path.of("");

    @Mixin
    private WeightsOption weights = new WeightsOption();

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            description =
                    "Texts of your own on which int8 is compared with float32, besides those that ship: on each line"
                            + " {\"text\": ..., \"labels\": [...]}.")
    private @Nullable Path texts;

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws CommandFailure {
        cache.directory(environment.variables());
        ModelDirectory.requireCheckpoint("--checkpoint", checkpoint);
        if (Files.exists(out)) {
            throw new CommandFailure(ExitCode.FAILED, "--out " + out + " exists already");
        }
        ModelManifest manifest = export(weights.gate(ownTexts()));
        PrintWriter printed = spec.commandLine().getOut();
        if (manifest.accuracy() != null) {
            AccuracyTable.lines(manifest.accuracy()).forEach(printed::println);
        }
        printed.println("exported " + manifest.name() + " to " + out);
        return ExitCode.OK;
    }

    private List<LabelledText> ownTexts() throws CommandFailure {
        if (texts == null) {
            return List.of();
        }
        if (weights.type() != WeightType.INT8) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--texts is for --weights int8; with " + weights.type() + " nothing is compared");
        }
        try {
            return LabelledTexts.read(texts);
        } catch (TextsException e) {
            throw new CommandFailure(ExitCode.FAILED, "--texts " + e.getMessage(), e);
        }
    }

    private ModelManifest export(Optional<AccuracyGate> gate) throws CommandFailure {
        try {
            return new ProgressingExporter(spec.commandLine().getErr(), gate).export(checkpoint, out, weights.type());
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }
}
