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
import io.nuner.server.config.LoadConfig;
import io.nuner.server.config.Require;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.costs.CostTable;
import io.nuner.server.execution.EngineLanes;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.observe.HealthReporter;
import io.nuner.server.observe.TransportLog;
import io.nuner.server.rpc.EarlyEndings;
import io.nuner.server.rpc.ExtractionService;
import io.nuner.server.rpc.ExtractionService.Documents;
import io.nuner.server.rpc.ExtractionService.Streams;
import io.nuner.server.rpc.HeaderCheck;
import io.nuner.server.rpc.LazyGzip;
import io.nuner.server.rpc.ServerInfo;
import io.nuner.server.rpc.ServiceBinding;
import io.nuner.server.texts.Pipeline;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.texts.TextModel;
import io.nuner.server.transport.NettyTransport;
import io.nuner.v1.NerServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A running server: the wiring, and the one place of start and stop order. Any thread. */
public final class InferenceServer implements AutoCloseable {
    static {
        // Netty would unpack a library of its own into the temporary directory, whoever may write there.
        System.setProperty("io.grpc.netty.shaded.io.netty.transport.noNative", "true");
    }

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    /** Time for finished answers to go out. */
    private static final Duration LOST_GRACE = Duration.ofSeconds(2);

    private static final Duration HURRIED_PATIENCE = Duration.ofMillis(100);

    private final ServerConfig config;
    private final FaultLog faults;
    private final HealthReporter health;
    private final Notice notice = new Notice();
    private final Tenancy tenancy;
    private final Telemetry telemetry;
    private final AtomicBoolean engineLost;
    private final AtomicBoolean stopping;
    private final Workers workers;
    private final UnsentAnswers unsent;
    private final NettyTransport transport;
    private final EngineRoom engineRoom;
    private final Server grpc;

    private InferenceServer(Assembly made, EngineRoom engineRoom, Server grpc) {
        config = made.config;
        faults = made.faults;
        health = made.health;
        tenancy = made.tenancy;
        telemetry = made.telemetry;
        engineLost = made.engineLost;
        stopping = made.stopping;
        workers = made.workers;
        unsent = made.unsent;
        transport = made.transport;
        this.engineRoom = engineRoom;
        this.grpc = grpc;
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
        Opened opened = new Opened();
        Runnable closeEngine = engine::close;
        opened.add(closeEngine);
        InferenceServer server;
        try {
            Assembly parts = new Assembly(config, model, engine, onEngineLost, opened);
            opened.remove(closeEngine);
            server = parts.build();
        } catch (IOException | EngineException | RuntimeException | Error e) {
            opened.close(e);
            throw e;
        }
        server.listen();
        return server;
    }

    private static void requireRoomForOneText(LoadConfig load, InferenceEngine engine) {
        int longest = engine.limits().maxRowTokens();
        Require.that(load.maxTokens() >= longest, "load.max-tokens", "at least one text: " + longest, load.maxTokens());
    }

    private void listen() throws IOException {
        try {
            telemetry.listen(faults, health);
            startGrpc();
        } catch (IOException | RuntimeException | Error e) {
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

    /** The port it listens on. */
    public int port() {
        return grpc.getPort();
    }

    /** The port where metrics can be read; -1 if they cannot. */
    public int metricsPort() {
        return telemetry.port();
    }

    /** What batches cost on its engine, as measured at start. */
    public CostTable costs() {
        return engineRoom.costs();
    }

    /** Texts accepted but not yet answered. */
    public int requestsInFlight() {
        return engineRoom.gate().requestsInFlight();
    }

    /** Tokens of those texts. */
    public long tokensInFlight() {
        return engineRoom.gate().tokensInFlight();
    }

    /** Bytes of answers that have not left yet. */
    public long unsentAnswerBytes() {
        return unsent.bytes();
    }

    /** What the engine's watchdog has noticed. */
    EngineLanes.Incidents laneIncidents() {
        return engineRoom.incidents();
    }

    /** Changes the tenants and their shares; a call under way keeps its tenant. */
    public void share(TenancyConfig newTenancy) {
        tenancy.change(newTenancy);
        telemetry.meters().follow(tenancy.tenants());
    }

    /**
     * Drains and stops: reports NOT_SERVING, gives notice, takes no new calls, lets those in flight finish within the
     * grace, cancels the rest, frees the engine. Idempotent; returns when it is done.
     *
     * <p>Without an engine every call is refused, so there is no notice and little grace. If a thread hangs inside the engine,
     * both are left behind.
     */
    @Override
    public void close() {
        if (engineLost.get()) {
            stop(Duration.ZERO, LOST_GRACE);
        } else {
            stop(config.drain().notice(), config.drain().grace());
        }
    }

    /**
     * Cuts {@link #close} short. The first time ends the notice, and accepted calls are still answered; the second time ends the
     * grace, and they are cancelled. Does not wait.
     */
    public void hurry() {
        if (!notice.cutShort()) {
            grpc.shutdownNow();
        }
    }

    private synchronized void stop(Duration noticeTime, Duration grace) {
        if (stopping.getAndSet(true)) {
            return;
        }
        health.notServingAnyMore();
        try {
            notice.give(() -> transport.connections().awaitNone(noticeTime));
            stopCalls(grace);
            workers.stopCalls(STOP_PATIENCE);
            engineRoom.stop(STOP_PATIENCE);
            workers.stopDecode(STOP_PATIENCE);
        } catch (InterruptedException e) { // an interrupt asks for a quick end
            stopAtOnce();
            Thread.currentThread().interrupt();
        } finally {
            transport.close();
            unsent.close();
            telemetry.close();
        }
    }

    private void stopAtOnce() {
        grpc.shutdownNow();
        engineRoom.stop(HURRIED_PATIENCE);
        workers.stopNow();
    }

    private void stopCalls(Duration grace) throws InterruptedException {
        grpc.shutdown();
        transport.connections().drain();
        if (!grpc.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            grpc.shutdownNow();
            grpc.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Puts a server together, in the order in which its parts need each other. One thread. */
    private static final class Assembly {
        private final ServerConfig config;
        private final TextModel model;
        private final InferenceEngine engine;
        private final Consumer<? super Throwable> onEngineLost;
        private final Opened opened;
        private final LongSupplier nanoClock = System::nanoTime;
        private final FaultLog faults = new FaultLog(nanoClock);
        private final HealthReporter health = new HealthReporter(NerServiceGrpc.SERVICE_NAME);
        private final AtomicBoolean engineLost = new AtomicBoolean();
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final InetSocketAddress address;
        private final Tenancy tenancy;
        private final Telemetry telemetry;
        private final Workers workers;
        private final UnsentAnswers unsent;
        private final HeaderCheck headers;
        private final NettyTransport transport;

        /** Opens all that needs no engine. */
        private Assembly(
                ServerConfig config,
                TextModel model,
                InferenceEngine engine,
                Consumer<? super Throwable> onEngineLost,
                Opened opened)
                throws IOException {
            this.config = config;
            this.model = model;
            this.engine = engine;
            this.onEngineLost = onEngineLost;
            this.opened = opened;
            requireRoomForOneText(config.load(), engine);
            TransportLog.silenceBadCalls();
            DirectMemory.boundNetty();
            address = address(config);
            tenancy = new Tenancy(config.tenancy());
            telemetry = new Telemetry(config, tenancy.tenants(), engine);
            opened.add(telemetry::close);
            workers = new Workers(config.load(), faults);
            opened.add(workers::stopNow);
            unsent = new UnsentAnswers(config.answers(), nanoClock, new NamedThreads("unsent"));
            opened.add(unsent::close);
            headers = new HeaderCheck(config.transport().calls().metadataBytes());
            transport = new NettyTransport(
                    config.transport(),
                    config.requests().maxMessageBytes(),
                    telemetry.transport(nanoClock),
                    new EarlyEndings(headers));
            opened.add(transport::close);
        }

        private static InetSocketAddress address(ServerConfig config) throws IOException {
            InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
            if (address.isUnresolved()) {
                throw new IOException("host " + config.host() + " is unknown");
            }
            return address;
        }

        /** The server; if this fails, all that was opened is still open, except the engine. */
        private InferenceServer build() throws EngineException {
            EngineRoom.Reports reports = new EngineRoom.Reports(faults, health, telemetry, this::lost, nanoClock);
            EngineRoom engineRoom = EngineRoom.start(engine, config, tenancy.tenants(), workers.decode(), reports);
            opened.add(() -> engineRoom.stop(STOP_PATIENCE));
            telemetry.watch(unsent);
            telemetry.watch(engineRoom.backlog(), engineRoom.gate(), nanoClock);
            telemetry.watch(health, transport.connections(), faults);
            telemetry.describe(version(), model.info().getName(), engine.description());
            telemetry.describe(engineRoom.costs());
            Server grpc = grpc(service(engineRoom));
            opened.handOver();
            return new InferenceServer(this, engineRoom, grpc);
        }

        private void lost(Throwable fault) {
            engineLost.set(true);
            health.lost();
            faults.announce("the engine is lost", fault);
            onEngineLost.accept(fault);
        }

        private ExtractionService service(EngineRoom engineRoom) {
            RequestLimits limits = config.requests().capLabels(engine.limits().maxLabels());
            ServerInfo.Options told = new ServerInfo.Options(
                    limits,
                    config.answers(),
                    config.streams(),
                    config.deadline(),
                    config.longTexts(),
                    config.transport().times().keepaliveMin(),
                    version());
            ServerInfo info =
                    new ServerInfo(model, engine.description(), engineRoom.costs(), engineRoom.backlog()::drift, told);
            Pipeline pipeline = new Pipeline(
                    engineRoom.gate(),
                    engineRoom.ring(),
                    workers.desk(),
                    unsent,
                    faults,
                    telemetry.meters(),
                    nanoClock,
                    config.deadline());
            Streams streams = new Streams(config.streams(), workers.timer(), workers.calls());
            Documents documents = new Documents(config.longTexts(), workers.decode());
            return new ExtractionService(
                    model, limits, engine.limits().maxRowTokens(), info, pipeline, streams, documents);
        }

        private Server grpc(ExtractionService service) {
            NettyServerBuilder builder = transport
                    .builder(address)
                    .intercept(headers)
                    .decompressorRegistry(
                            DecompressorRegistry.getDefaultInstance().with(new LazyGzip(), true))
                    .directExecutor() // only looks methods up; the supplier then picks the threads that do the work
                    .callExecutor(workers)
                    .addTransportFilter(
                            new Accounting(unsent, config.transport().sockets().proxies()))
                    .addStreamTracerFactory(service.callTraces(stopping::get))
                    .addService(
                            ServiceBinding.bind(service, config.requests().maxMessageBytes(), tenancy.identification()))
                    .addService(health.service());
            if (config.reflection().isOn(address.getAddress())) {
                reflect(builder);
            }
            return builder.build();
        }

        /** Serves both versions, since many clients know the older one only. */
        @SuppressWarnings("deprecation")
        private static void reflect(NettyServerBuilder builder) {
            builder.addService(ProtoReflectionServiceV1.newInstance()).addService(ProtoReflectionService.newInstance());
        }

        private static String version() {
            @Nullable String version = InferenceServer.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
