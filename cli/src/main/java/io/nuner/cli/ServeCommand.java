package io.nuner.cli;

import io.nuner.cli.hub.FetchedModels;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.server.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Nuner nuner;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description =
                    "An exported model, or a checkpoint, which is exported into the cache first; or the OWNER/NAME of"
                            + " a fetched one.")
    private Path model = Path.of("");

    @Mixin
    private CacheOption cache = new CacheOption();

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws CommandFailure {
        ServerConfig config = checked(server::config);
        EngineSettings settings = checked(() -> engine.settings(server.maxLabels()));
        Serving.logThroughSlf4j();
        Serving.requireFreePort(config);
        EngineChoice choice = EngineChoice.of(engine.engine(), providers());
        Path cacheDirectory = cache.directory(nuner.environment());
        Path exported =
                ModelDirectory.exported(new FetchedModels(cacheDirectory).locate(model), modelCache(cacheDirectory));
        return new Serving(config, settings, choice).run(exported);
    }

    private static List<EngineProvider> providers() {
        return ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private ModelCache modelCache(Path cacheDirectory) {
        return new ModelCache(
                cacheDirectory, new ProgressingExporter(spec.commandLine().getErr())::export);
    }

    private <T> T checked(Supplier<T> value) throws ParameterException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            String message = OptionNames.in(
                    String.valueOf(e.getMessage()), spec.optionsMap().keySet());
            throw new ParameterException(spec.commandLine(), message, e);
        }
    }
}
