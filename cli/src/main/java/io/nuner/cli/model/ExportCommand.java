package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.Version;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws CommandFailure {
        cache.directory(environment.variables());
        ModelDirectory.requireCheckpoint("--checkpoint", checkpoint);
        if (Files.exists(out)) {
            throw new CommandFailure(ExitCode.FAILED, "--out " + out + " exists already");
        }
        ModelManifest manifest = export();
        spec.commandLine().getOut().println("exported " + manifest.name() + " to " + out);
        return ExitCode.OK;
    }

    private ModelManifest export() throws CommandFailure {
        try {
            return new ProgressingExporter(spec.commandLine().getErr()).export(checkpoint, out, weights.type());
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }
}
