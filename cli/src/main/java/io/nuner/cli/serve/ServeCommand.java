package io.nuner.cli.serve;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.OptionNames;
import io.nuner.cli.common.Version;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.cli.model.CacheOption;
import io.nuner.cli.model.ModelDirectory;
import io.nuner.cli.model.ProgressingExporter;
import io.nuner.cli.model.WeightsOption;
import io.nuner.cli.stop.Drain;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.model.ExportedModel;
import io.nuner.model.cache.ModelCache;
import io.nuner.model.hub.FetchedModels;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner serve}: runs a server until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Serves a model by gRPC until it is told to stop (SIGTERM or Ctrl-C), then drains.",
            "The transport is neither encrypted nor authenticated."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "An exported model, or a checkpoint, which is exported into the cache first, or the OWNER/NAME of"
                            + " a fetched one. Default: the small demo model that comes with the program.")
    private @Nullable Path model;

    @Mixin
    private WeightsOption weights = new WeightsOption();

    @Mixin
    private CacheOption cache = new CacheOption();

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws CommandFailure {
        ServerConfig config = OptionNames.checked(spec, server::config);
        OptionNames.check(spec, engine::check);
        Serving.logThroughSlf4j();
        Serving.requireFreePorts(config);
        Drain drain = new Drain();
        environment.end().onStop(drain);
        Path cacheDirectory = cache.directory(environment.variables()); // before anything native is loaded
        EngineChoice choice = drain.step(() -> EngineChoice.of(engine.engine(), EngineChoice.installed()));
        ExportedModel exported = ModelDirectory.open(
                "--model", modelOrDemo(new FetchedModels(cacheDirectory)), modelCache(cacheDirectory), weights);
        CompileSettings compile = engine.compilation(cacheDirectory, new LoggedCompilation(LOG));
        ServerConfig roomy = server.roomFor(settings(choice.provider(), compile), config);
        EngineOpening opening = new EngineOpening(
                choice, provider -> settings(provider, compile), engine.triesLanes(), config.calibration());
        return new Serving(roomy, opening, environment.end(), drain).run(exported, server.tenants());
    }

    private EngineSettings settings(EngineProvider provider, CompileSettings compile) {
        return engine.settings(provider.defaults(), server.maxLabels(), compile);
    }

    private Path modelOrDemo(FetchedModels fetched) throws CommandFailure {
        if (model != null) {
            return fetched.locate(model);
        }
        Path demo = DemoModel.directory(System.getProperty(DemoModel.HOME));
        LOG.info("no --model: serving the demo model {}, small and for trying out", demo);
        return demo;
    }

    private ModelCache modelCache(Path cacheDirectory) throws CommandFailure {
        return new ProgressingExporter(spec.commandLine().getErr(), weights.gate())
                .cache(cacheDirectory, LOG::warn, weights.loss());
    }
}
