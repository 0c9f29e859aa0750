package io.nuner.cli.serve;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.HostAndPort;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.cli.model.AccuracyTable;
import io.nuner.cli.stop.Drain;
import io.nuner.cli.stop.ProcessEnd;
import io.nuner.engine.EngineException;
import io.nuner.engine.InferenceEngine;
import io.nuner.model.Accuracy;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.server.InferenceServer;
import io.nuner.server.ServedModel;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.TenantsFile;
import io.nuner.server.config.TenantsWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One server's life in this process: model, engine, server, and the way they end. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /** Time after which the process ends even if the drain hangs; without an engine a drain takes a tenth of it. */
    private static final Duration LAST_RESORT = Duration.ofSeconds(20);

    /** Time for answers to leave. Memory of the device may never be freed, and the process must end within 5 s. */
    private static final Duration DEVICE_LAST_RESORT = Duration.ofSeconds(3);

    private static final Duration DEVICE_KILL = Duration.ofSeconds(4);

    private final ServerConfig config;
    private final EngineOpening opening;
    private final ProcessEnd end;
    private final Drain drain;
    private final CompletableFuture<Integer> lostWith = new CompletableFuture<>();

    /**
     * A server that has not started.
     *
     * @param drain what stops it; told by {@code end}
     */
    Serving(ServerConfig config, EngineOpening opening, ProcessEnd end, Drain drain) {
        this.config = config;
        this.opening = opening;
        this.end = end;
        this.drain = drain;
    }

    /** Sends the log of gRPC, which uses java.util.logging, to the same place as all other lines. */
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
     * Serves an exported model until the process is told to stop, which ends it with {@link ExitCode#OK}, whenever it comes.
     *
     * @param tenants the file of tenants; the server takes its changes
     * @return only when the engine is lost
     * @throws CommandFailure if model, engine or server cannot start
     */
    int run(ExportedModel exported, Optional<TenantsFile> tenants) throws CommandFailure {
        try (NerModel model = NerModel.of(exported);
                InferenceServer server = start(model)) {
            announce(model, server);
            tenants.ifPresent(file -> TenantsWatch.start(file, config.tenancy(), server::share));
            int exitCode = lostWith.join();
            endSoon(exitCode);
            return exitCode;
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }

    private InferenceServer start(NerModel model) throws CommandFailure {
        EngineChoice.Opened opened = drain.step(() -> opening.open(model.graphs()));
        LOG.info("engine {}: {}", opened.name(), opened.settings());
        return drain.step(() ->
                drain.serving(start(config, model, opened.engine(), fault -> lostWith.complete(exitCode(fault)))));
    }

    /** Starts a server, which gets the engine, with one line about what prevents it. */
    static InferenceServer start(
            ServerConfig config, NerModel model, InferenceEngine engine, Consumer<? super Throwable> onEngineLost)
            throws CommandFailure {
        try {
            return InferenceServer.start(
                    config, new ServedModel(model, model.manifest().name()), engine, onEngineLost);
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

    /** Ends the process after a lost engine, even if the drain or a thread in a native call hangs. */
    private void endSoon(int exitCode) {
        drain.lost(exitCode);
        boolean device = exitCode == ExitCode.DEVICE_FAILED;
        if (device) {
            KillSwitch.arm(DEVICE_KILL);
        }
        end.exitWithin(device ? DEVICE_LAST_RESORT : LAST_RESORT, exitCode);
    }

    private static int exitCode(Throwable fault) {
        if (!(fault instanceof EngineException engine)) {
            return ExitCode.INTERNAL;
        }
        return switch (engine.kind()) {
            case HUNG -> ExitCode.ENGINE_HUNG;
            case DEVICE_FAILED -> ExitCode.DEVICE_FAILED;
            case BATCH_FAILED, CANNOT_OPEN, LOST -> ExitCode.ENGINE_LOST;
        };
    }

    private void announce(NerModel model, InferenceServer server) {
        LOG.info("configuration: {}", config);
        opening.passedOver().forEach(LOG::warn);
        LOG.info("model {} ({})", model.manifest().name(), model.manifest().sha256());
        announce(model.manifest().accuracy());
        server.costs().lines().forEach(LOG::info);
        if (!isLoopback()) {
            LOG.warn("listening beyond this machine without encryption and without authentication");
        }
        if (config.metrics().enabled()) {
            LOG.info("metrics and health on http://{}", new HostAndPort(config.host(), server.metricsPort()));
        }
        LOG.info("serving on {}", new HostAndPort(config.host(), server.port()));
    }

    private static void announce(@Nullable Accuracy accuracy) {
        if (accuracy != null && accuracy.lossAccepted()) {
            LOG.warn(AccuracyTable.summary(accuracy));
        } else if (accuracy != null) {
            LOG.info(AccuracyTable.summary(accuracy));
        }
    }

    private boolean isLoopback() {
        InetAddress address = new InetSocketAddress(config.host(), config.port()).getAddress();
        return address != null && address.isLoopbackAddress();
    }
}
