package io.nuner.cli;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One server's life in this process: model, engine, server, and the way they end. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private final ServerConfig config;
    private final EngineChoice choice;
    private final Function<EngineProvider, EngineSettings> settings;
    private final Optional<TenantsFile> tenants;
    private final CompletableFuture<Integer> lostWith = new CompletableFuture<>();

    /**
     * A server that has not started.
     *
     * @param settings what an engine is opened with
     * @param tenants from where the configuration has its tenants; they change with it
     */
    Serving(
            ServerConfig config,
            EngineChoice choice,
            Function<EngineProvider, EngineSettings> settings,
            Optional<TenantsFile> tenants) {
        this.config = config;
        this.choice = choice;
        this.settings = settings;
        this.tenants = tenants;
    }

    /** Sends what gRPC logs through java.util.logging where all other lines go. */
    static void logThroughSlf4j() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Fails at once if the server could not listen; loading a model first would waste the operator's time. */
    static void requireFreePorts(ServerConfig config) throws CommandFailure {
        requireFree("--port", config.host(), config.port());
        if (config.metrics().enabled()) {
            requireFree("--metrics-port", config.host(), config.metrics().port());
        }
    }

    private static void requireFree(String option, String host, int port) throws CommandFailure {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new CommandFailure(ExitCode.FAILED, "--host " + host + " is not known here");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            String place = option + " " + port + " on --host " + host;
            throw new CommandFailure(ExitCode.FAILED, "cannot listen on " + place + ": " + e.getMessage(), e);
        }
    }

    /**
     * Serves an exported model until the process is told to stop, which ends it with {@link ExitCode#OK}.
     *
     * @return only when the engine is lost
     * @throws CommandFailure if model, engine or server cannot start
     */
    int run(Path exported) throws CommandFailure {
        try (NerModel model = NerModel.open(exported);
                InferenceServer server = start(model)) {
            Drain drain = Drain.onShutdown(server);
            announce(model, server);
            tenants.ifPresent(file -> TenantsWatch.start(file, config.tenancy(), server::share));
            int exitCode = lostWith.join();
            drain.exitWith(exitCode);
            return exitCode;
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.BAD_MODEL, String.valueOf(e.getMessage()), e);
        }
    }

    private InferenceServer start(NerModel model) throws CommandFailure {
        OpenedEngine opened = choice.open(model.graphs(), settings, LOG::warn);
        LOG.info("engine {}: {}", opened.name(), opened.settings());
        try {
            return InferenceServer.start(
                    config,
                    new ServedModel(model, model.manifest().name()),
                    opened.engine(),
                    fault -> lostWith.complete(exitCode(fault)));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "--port or --metrics-port: " + e.getMessage(), e);
        } catch (EngineException e) {
            boolean deviceFailed = e.kind() == EngineException.Kind.DEVICE_FAILED;
            int exitCode = deviceFailed ? ExitCode.DEVICE_FAILED : ExitCode.NO_ENGINE;
            throw new CommandFailure(exitCode, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static int exitCode(Throwable fault) {
        if (!(fault instanceof EngineException engine)) {
            return ExitCode.ENGINE_LOST;
        }
        return switch (engine.kind()) {
            case HUNG -> ExitCode.ENGINE_HUNG;
            case DEVICE_FAILED -> ExitCode.DEVICE_FAILED;
            case BATCH_FAILED, CANNOT_OPEN, LOST -> ExitCode.ENGINE_LOST;
        };
    }

    private void announce(NerModel model, InferenceServer server) {
        LOG.info("configuration: {}", config);
        choice.passedOver().forEach(LOG::warn);
        LOG.info("model {} ({})", model.manifest().name(), model.manifest().sha256());
        server.cells().lines().forEach(LOG::info);
        if (!isLoopback()) {
            LOG.warn("listening beyond this machine without encryption and without authentication");
        }
        if (config.metrics().enabled()) {
            LOG.info("metrics and health on http://{}:{}", config.host(), server.metricsPort());
        }
        LOG.info("serving on {}:{}", config.host(), server.port());
    }

    private boolean isLoopback() {
        InetAddress address = new InetSocketAddress(config.host(), config.port()).getAddress();
        return address != null && address.isLoopbackAddress();
    }
}
