package io.nuner.cli.engine;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.Version;
import io.nuner.cli.model.CacheOption;
import io.nuner.cli.model.ModelDirectory;
import io.nuner.cli.model.ProgressingExporter;
import io.nuner.cli.model.WeightsOption;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.model.cache.ModelCache;
import io.nuner.model.hub.FetchedModels;
import io.nuner.server.texts.RequestLimits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner engine build}: compiles a model, so that a server that starts later need not. */
@Command(
        name = "build",
        description = {
            "Compiles a model for the GPU of this machine and compares it with the CPU engine, so that serve starts"
                    + " fast.",
            "serve finds the result if it is given the same model, cache and options."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class EngineBuildCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private EngineCommand parent;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description =
                    "An exported model, or a checkpoint, which is exported into the cache first, or the OWNER/NAME of"
                            + " a fetched one.")
    private Path model = Path.of("");

    @Option(
            names = "--engine",
            defaultValue = "tensorrt",
            paramLabel = "NAME",
            description = "The engine to compile for. Default: ${DEFAULT-VALUE}.")
    private String engine = "tensorrt";

    @Mixin
    private CompileOptions compilation = new CompileOptions();

    @Mixin
    private BatchOptions batches = new BatchOptions();

    @Option(
            names = "--max-labels",
            defaultValue = "100",
            paramLabel = "N",
            description = "Labels of one request, as serve is given it. Default: ${DEFAULT-VALUE}.")
    private int maxLabels;

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws CommandFailure {
        OptionNames.check(spec, this::check);
        Path cacheDirectory = cache.directory(parent.environment()); // before anything native is loaded
        EngineChoice choice = EngineChoice.of(engine, EngineChoice.installed());
        PrintWriter err = spec.commandLine().getErr();
        WeightsOption weights = new WeightsOption();
        ModelCache exports = new ProgressingExporter(err).cache(cacheDirectory, err::println, weights.loss());
        ExportedModel exported =
                ModelDirectory.open("--model", new FetchedModels(cacheDirectory).locate(model), exports, weights);
        BuildProgress progress = new BuildProgress(ProgressLine.on(err), System::nanoTime);
        try (NerModel opened = NerModel.of(exported)) {
            build(opened, choice, compilation.settings(cacheDirectory, progress), progress);
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
        return ExitCode.OK;
    }

    private void check() {
        compilation.check();
        batches.check();
        BatchOptions.requireWithin(1, RequestLimits.MOST_ITEMS, "--max-labels", maxLabels);
    }

    private void build(NerModel opened, EngineChoice choice, CompileSettings compile, BuildProgress progress)
            throws CommandFailure {
        try (InferenceEngine built = open(opened, choice, compile)) {
            progress.end();
            report(built.description(), progress.seconds());
        } finally {
            progress.end();
        }
    }

    private InferenceEngine open(NerModel opened, EngineChoice choice, CompileSettings compile) throws CommandFailure {
        return choice.open(
                        opened.graphs(),
                        provider -> settings(provider, compile),
                        spec.commandLine().getErr()::println)
                .engine();
    }

    private EngineSettings settings(EngineProvider provider, CompileSettings compile) {
        return new EngineSettings(batches.limits(provider.defaults(), maxLabels), 1, 0, Optional.of(compile));
    }

    private void report(EngineDescription description, long seconds) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(description.name() + " " + description.version() + " on " + description.device()
                + " is ready after " + seconds + " s");
        out.println(description
                .parity()
                .map(EngineBuildCommand::line)
                .orElse("compared with nothing: computes in float32"));
    }

    private static String line(ParityReport parity) {
        return String.format(
                Locale.ROOT,
                "parity of %s with %s on %d rows of real text: %d spans, %d differ, %d are so close to 0.5 that"
                        + " rounding decides; scores differ by %.4f at most, 99.9 %% by %.4f at most",
                parity.precision(),
                parity.reference(),
                parity.rows(),
                parity.spans(),
                parity.differing(),
                parity.withinMargin(),
                parity.maxDifference(),
                parity.p999Difference());
    }
}
