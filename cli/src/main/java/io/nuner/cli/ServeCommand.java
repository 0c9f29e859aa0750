package io.nuner.cli;

import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.server.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "An exported model, or a checkpoint, which is exported into the cache first.")
    private Path model = Path.of("");

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where exported checkpoints are kept. Default: $XDG_CACHE_HOME/nuner or ~/.cache/nuner.")
    private @Nullable Path cache;

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws CommandFailure {
        ServerConfig config = OptionNames.checked(spec, server::config);
        EngineSettings settings = OptionNames.checked(spec, () -> engine.settings(server.maxLabels()));
        Serving.logThroughSlf4j();
        Serving.requireFreePort(config);
        EngineChoice choice = EngineChoice.of(engine.engine(), providers());
        Path exported = ModelDirectory.exported(model, modelCache());
        return new Serving(config, settings, choice).run(exported);
    }

    private static List<EngineProvider> providers() {
        return ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private ModelCache modelCache() {
        Path directory = cache == null ? defaultCache(System.getenv()) : cache;
        return new ModelCache(
                directory, new ProgressingExporter(spec.commandLine().getErr())::export);
    }

    private static Path defaultCache(Map<String, String> environment) {
        return ModelCache.defaultDirectory(environment, System.getProperty("user.home", "."));
    }
}
