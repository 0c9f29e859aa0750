package io.nuner.server;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.answers.DirectMemory;
import io.nuner.server.answers.UnsentAnswers;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.Tenants;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.costs.BatchShape;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.MeasuredBatch;
import io.nuner.server.observe.Counts;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.observe.HealthReporter;
import io.nuner.server.observe.MetricsEndpoint;
import io.nuner.server.observe.ServerMetrics;
import io.nuner.server.transport.Connections;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The server's metrics and their endpoint: made before all that counts, and closed last. One thread at a time. */
final class Telemetry implements AutoCloseable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final ServerConfig config;
    private final ServerMetrics metrics = new ServerMetrics();
    private final Meters meters;
    private final Counts<EngineFailure> engineFailures;
    private @Nullable MetricsEndpoint endpoint;

    Telemetry(ServerConfig config, Tenants tenants, InferenceEngine engine) {
        this.config = config;
        meters = new Meters(metrics, tenants, engine);
        engineFailures = metrics.counts("nuner.engine.failures", "Failures of the engine", "kind", EngineFailure.class);
        metrics.gauge(
                "nuner.lanes",
                "Batches that can run at the same time",
                () -> engine.description().lanes());
    }

    /** Counts texts and batches. */
    Meters meters() {
        return meters;
    }

    /** A batch, or a row of it, failed. Any thread. */
    void batchFailed() {
        engineFailures.add(EngineFailure.BATCH, 1);
    }

    /** The engine can run no further batch. Any thread. */
    void engineLost() {
        engineFailures.add(EngineFailure.LOST, 1);
    }

    /** Counts what the transport turns away. Called once. */
    TransportMeters transport(LongSupplier nanoClock) {
        return new TransportMeters(metrics, nanoClock);
    }

    /** Shows what waits and what is in flight. */
    void watch(Backlog backlog, AdmissionGate gate, LongSupplier nanoClock) {
        metrics.gauge("nuner.queue.texts", "Texts that wait for a lane", backlog::waiting);
        metrics.gauge(
                "nuner.queue.oldest.age.seconds",
                "How long the oldest of them has waited",
                () -> backlog.oldestAgeNanos(nanoClock.getAsLong()) / NANOS_PER_SECOND);
        metrics.gauge("nuner.cost.drift", "Time of recent batches over what was measured at start", backlog::drift);
        metrics.gauge("nuner.in.flight.texts", "Texts admitted but not yet answered", gate::requestsInFlight);
        metrics.gauge("nuner.in.flight.tokens", "Tokens of those texts", gate::tokensInFlight);
        metrics.gauge(
                "nuner.admission.limit.texts",
                "Most texts in flight",
                () -> config.load().maxRequests());
        metrics.gauge(
                "nuner.admission.limit.tokens",
                "Most tokens in flight",
                () -> config.load().maxTokens());
    }

    /** Shows the answers that have not left yet. */
    void watch(UnsentAnswers unsent) {
        metrics.gauge("nuner.unsent.answer.bytes", "Answers in memory that have not left yet", unsent::bytes);
        metrics.count(
                "nuner.unread.connections.cut", "Connections cut for answers that they did not read", unsent::cuts);
        metrics.gauge("nuner.direct.memory.bytes", "Direct memory reserved for the network", DirectMemory::used);
        metrics.gauge("nuner.direct.memory.limit.bytes", "Most of it", DirectMemory::limit);
    }

    /** Shows the state of the server as a whole. */
    void watch(HealthReporter health, Connections connections, FaultLog faults) {
        metrics.gauge("nuner.ready", "1 while calls are welcome, else 0", () -> health.isServing() ? 1 : 0);
        metrics.gauge("nuner.connections", "Open gRPC connections", connections::count);
        metrics.gauge("nuner.unread.bytes", "What calls hold that are not read yet", connections::unreadBytes);
        metrics.count("nuner.faults", "Faults that were logged or left out of the log", faults::reported);
    }

    /** Names what is served. */
    void describe(String version, String model, EngineDescription engine) {
        metrics.info(version, model, engine.name());
    }

    /** Shows how long batches took when the engine was measured. */
    void describe(CostTable costs) {
        for (MeasuredBatch batch : costs.measured()) {
            BatchShape shape = batch.shape();
            metrics.measuredBatch(shape.rows(), shape.longestRow(), shape.tokens(), batch.nanos() / NANOS_PER_SECOND);
        }
    }

    /** Shows the virtual machine and the process. */
    void bindProcess() {
        metrics.bindProcess();
    }

    /**
     * Opens the endpoint, if metrics are enabled.
     *
     * @throws IOException naming the port or the host if it cannot listen there
     */
    void listen(FaultLog faults, HealthReporter health) throws IOException {
        if (!config.metrics().enabled()) {
            return;
        }
        bindProcess();
        InetSocketAddress address =
                new InetSocketAddress(config.host(), config.metrics().port());
        MetricsEndpoint.Sources sources = new MetricsEndpoint.Sources(metrics::scrape, health);
        try {
            endpoint = MetricsEndpoint.start(address, new NamedThreads("metrics"), faults, sources);
        } catch (IOException e) {
            String place = config.host() + " metrics port " + address.getPort();
            throw new IOException("cannot listen on " + place + ": " + e.getMessage(), e);
        }
    }

    /** The endpoint's port; -1 if there is none. */
    int port() {
        return endpoint == null ? -1 : endpoint.port();
    }

    /** All series as text. */
    String scrape() {
        return metrics.scrape();
    }

    @Override
    public void close() {
        if (endpoint != null) {
            endpoint.close();
        }
        metrics.close();
    }

    /** The part of the engine that failed. */
    private enum EngineFailure {
        /** A batch, or a row of it. */
        BATCH,
        /** All of it. */
        LOST
    }
}
