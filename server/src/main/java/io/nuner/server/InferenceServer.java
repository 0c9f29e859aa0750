package io.nuner.server;

import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.nuner.engine.EngineException;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.answers.Accounting;
import io.nuner.server.answers.DirectMemory;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.GateLimits;
import io.nuner.server.batching.Tenants;
import io.nuner.server.cells.CellTable;
import io.nuner.server.execution.LaneIncidents;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.observe.HealthReporter;
import io.nuner.server.observe.TransportLog;
import io.nuner.server.rpc.ExtractionService;
import io.nuner.server.rpc.FullQueue;
import io.nuner.server.rpc.Identification;
import io.nuner.server.rpc.LazyGzip;
import io.nuner.server.rpc.MetadataLimit;
import io.nuner.server.rpc.RequestLimits;
import io.nuner.server.rpc.ServiceBinding;
import io.nuner.server.rpc.TextModel;
import io.nuner.server.transport.NettyTransport;
import io.nuner.v1.NerServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A running server: the wiring, and the one place of start and stop order. Any thread. */
public final class InferenceServer implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    /** What is answered already goes out in this time. */
    private static final Duration LOST_GRACE = Duration.ofSeconds(2);

    private final ServerConfig config;
    private final LongSupplier nanoClock = System::nanoTime;
    private final FaultLog faults = new FaultLog(nanoClock);
    private final HealthReporter health = new HealthReporter(NerServiceGrpc.SERVICE_NAME);
    private final NettyTransport transport;
    private final Tenants tenants;
    private final Telemetry telemetry;
    private final AdmissionGate gate;
    private final UnsentAnswers unsent;
    private final Workers workers;
    private final EngineRoom engineRoom;
    private final Server grpc;
    private volatile boolean engineLost;
    private volatile boolean stopped;

    private InferenceServer(
            ServerConfig config, TextModel model, InferenceEngine engine, Consumer<? super Throwable> onEngineLost)
            throws IOException, EngineException {
        this.config = config;
        tenants = new Tenants(config.tenancy().weights(), config.tenancy().maxNames());
        telemetry = new Telemetry(config, tenants, engine);
        TransportLog.silenceBadCalls();
        DirectMemory.boundNetty();
        InetSocketAddress address = address(config);
        workers = new Workers(config.load(), faults);
        unsent = new UnsentAnswers(config.answers(), nanoClock, new NamedThreads("unsent"));
        telemetry.watch(unsent);
        EngineRoom.Reports reports =
                new EngineRoom.Reports(faults, health, telemetry, fault -> lost(fault, onEngineLost), nanoClock);
        engineRoom = EngineRoom.start(engine, config, workers.decode(), reports);
        gate = new AdmissionGate(gateLimits(engine), tenants, engineRoom.backlog());
        telemetry.watch(engineRoom.backlog(), gate, nanoClock);
        transport = new NettyTransport(config.transport(), telemetry.transport(nanoClock));
        telemetry.watch(health, transport.connections(), faults);
        telemetry.describe(version(), model.info().getName(), engine.description());
        telemetry.describe(engineRoom.cells());
        grpc = grpc(address, service(model, engine));
    }

    /**
     * Starts a server; it is SERVING when this returns.
     *
     * @param model the text side, such as {@link ServedModel}; must stay open until the server is closed
     * @param engine belongs to the server from now on, which closes it when it stops or cannot start
     * @param onEngineLost told once, on a thread of the server, when the engine can run no further batch; the process
     *     should then be replaced. An {@link EngineException} of a kind that says so means that threads may be stuck inside
     *     the engine for good
     * @throws IOException naming the port or the host if it cannot listen there
     * @throws EngineException if a lane of the engine cannot be opened, or the engine is lost while it is measured
     */
    public static InferenceServer start(
            ServerConfig config, TextModel model, InferenceEngine engine, Consumer<? super Throwable> onEngineLost)
            throws IOException, EngineException {
        InferenceServer server;
        try {
            requireRoomForOneText(config.load(), engine);
            server = new InferenceServer(config, model, engine, onEngineLost);
        } catch (IOException | EngineException | RuntimeException e) {
            engine.close();
            throw e;
        }
        server.listen();
        return server;
    }

    private static void requireRoomForOneText(LoadConfig load, InferenceEngine engine) {
        int longest = engine.limits().maxRowTokens();
        Require.that(load.maxTokens() >= longest, "load.max-tokens", "at least one text: " + longest, load.maxTokens());
    }

    private GateLimits gateLimits(InferenceEngine engine) {
        long delayNanos = config.queue().delayNanos(engineRoom.cells().costs(), engine.limits());
        return new GateLimits(config.load().maxRequests(), config.load().maxTokens(), delayNanos);
    }

    private ExtractionService service(TextModel model, InferenceEngine engine) {
        RequestLimits limits = config.requests().capLabels(engine.limits().maxLabels());
        return new ExtractionService(
                model,
                new ExtractionService.Served(
                        engine.description(),
                        engineRoom.cells(),
                        engineRoom.backlog()::drift,
                        limits,
                        config.answers(),
                        version()),
                new ExtractionService.Workplace(
                        gate,
                        engineRoom.ring(),
                        workers.desk(),
                        unsent,
                        faults,
                        telemetry.meters(),
                        nanoClock,
                        config.deadline()));
    }

    private static InetSocketAddress address(ServerConfig config) throws IOException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new IOException("host " + config.host() + " is unknown");
        }
        return address;
    }

    private Server grpc(InetSocketAddress address, ExtractionService service) {
        Identification identification =
                new Identification(tenants, config.tenancy().keys());
        NettyServerBuilder builder = transport
                .builder(address, config.requests().maxMessageBytes())
                .intercept(new MetadataLimit(config.transport().calls().metadataBytes()))
                .intercept(new FullQueue())
                .decompressorRegistry(DecompressorRegistry.getDefaultInstance().with(new LazyGzip(), true))
                .directExecutor() // only looks methods up; the supplier then picks the threads that do the work
                .callExecutor(workers)
                .addTransportFilter(
                        new Accounting(unsent, config.transport().sockets().proxies()))
                .addStreamTracerFactory(service.callTraces(() -> stopped))
                .addService(ServiceBinding.bind(service, config.requests().maxMessageBytes(), identification))
                .addService(health.service());
        if (config.reflection().isOn(address.getAddress())) {
            reflect(builder);
        }
        return builder.build();
    }

    /** In both versions: many clients know the older one only. */
    @SuppressWarnings("deprecation")
    private static void reflect(NettyServerBuilder builder) {
        builder.addService(ProtoReflectionServiceV1.newInstance()).addService(ProtoReflectionService.newInstance());
    }

    private void listen() throws IOException {
        try {
            telemetry.listen(faults, health);
            startGrpc();
        } catch (IOException e) {
            stop(Duration.ZERO, Duration.ZERO);
            throw e;
        }
        health.serving();
    }

    private void startGrpc() throws IOException {
        try {
            grpc.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + config.host() + " port " + config.port() + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    private void lost(Throwable fault, Consumer<? super Throwable> onEngineLost) {
        engineLost = true;
        health.lost();
        faults.announce("the engine is lost", fault);
        onEngineLost.accept(fault);
    }

    private static String version() {
        @Nullable String version = InferenceServer.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The port it listens on. */
    public int port() {
        return grpc.getPort();
    }

    /** The port where metrics can be read; -1 if they cannot. */
    public int metricsPort() {
        return telemetry.port();
    }

    /** What batches cost on its engine, as measured at start. */
    public CellTable cells() {
        return engineRoom.cells();
    }

    /** Texts accepted but not yet answered. */
    public int requestsInFlight() {
        return gate.requestsInFlight();
    }

    /** Tokens of those texts. */
    public long tokensInFlight() {
        return gate.tokensInFlight();
    }

    /** Bytes of answers that have not left yet. */
    public long unsentAnswerBytes() {
        return unsent.bytes();
    }

    /** What the engine's watchdog has noticed. */
    public LaneIncidents laneIncidents() {
        return engineRoom.incidents();
    }

    /** Waits until the server has been stopped. */
    public void awaitTermination() throws InterruptedException {
        grpc.awaitTermination();
    }

    /**
     * Drains and stops: reports NOT_SERVING, gives notice, takes no new calls, lets those in flight finish within the
     * grace, cancels the rest, frees the engine. Idempotent; returns when it is done.
     *
     * <p>Without an engine every call is refused, so then there is no notice and little grace; and a thread that hangs inside
     * the engine is left behind, with the engine.
     */
    @Override
    public void close() {
        if (engineLost) {
            stop(Duration.ZERO, LOST_GRACE);
        } else {
            stop(config.drain().notice(), config.drain().grace());
        }
    }

    private synchronized void stop(Duration notice, Duration grace) {
        if (stopped) {
            return;
        }
        stopped = true;
        health.notServingAnyMore();
        try {
            transport.connections().awaitNone(notice);
            stopCalls(grace);
            workers.stopCalls(STOP_PATIENCE);
            engineRoom.stop(STOP_PATIENCE);
            workers.stopDecode(STOP_PATIENCE);
        } catch (InterruptedException e) {
            grpc.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            transport.close();
            unsent.close();
            telemetry.close();
        }
    }

    private void stopCalls(Duration grace) throws InterruptedException {
        grpc.shutdown();
        if (!grpc.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            grpc.shutdownNow();
            grpc.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
