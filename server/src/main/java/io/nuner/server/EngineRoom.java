package io.nuner.server;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.batching.AdmissionGate;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Tenants;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.costs.Calibration;
import io.nuner.server.costs.CostTable;
import io.nuner.server.execution.DecodeStage;
import io.nuner.server.execution.EngineLanes;
import io.nuner.server.execution.EngineWatch;
import io.nuner.server.execution.RunLimits;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.observe.HealthReporter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The gate, the batcher, the lanes and the engine, which it owns. Started and stopped by one thread. */
final class EngineRoom {
    private static final Duration FAILED_START_PATIENCE = Duration.ofSeconds(1);

    private final InferenceEngine engine;
    private final CostTable costs;
    private final AdmissionGate gate;
    private final Backlog backlog;
    private final BatcherRing ring;
    private final EngineLanes lanes;

    private EngineRoom(CostTable costs, AdmissionGate gate, Backlog backlog, EngineLanes lanes, BatcherRing ring) {
        engine = lanes.engine();
        this.costs = costs;
        this.gate = gate;
        this.backlog = backlog;
        this.lanes = lanes;
        this.ring = ring;
    }

    /**
     * Measures the engine on its first lane and opens the others.
     *
     * @param engine belongs to the room from now on; if the room cannot start, it is closed unless a thread hangs in it
     * @throws EngineException if a lane cannot be opened or the engine is lost; every lane is closed then
     */
    static EngineRoom start(
            InferenceEngine engine, ServerConfig config, Tenants tenants, Executor decodeThreads, Reports reports)
            throws EngineException {
        Opened opened = new Opened();
        opened.add(engine::close);
        try {
            Calibration calibration = new Calibration(config.calibration(), reports.nanoClock);
            MeasuredLane first = MeasuredLane.open(engine, calibration);
            opened.add(first.lane()::close);
            Backlog backlog = new Backlog();
            BatcherRing ring = ring(engine, config, first.costs(), backlog, reports);
            opened.add(ring::close);
            EngineLanes lanes = lanes(engine, config, ring, decodeThreads, reports);
            EngineRoom room = new EngineRoom(
                    first.costs(), gate(engine, config, tenants, first.costs(), backlog), backlog, lanes, ring);
            opened.handOver();
            opened.add(() -> room.stop(FAILED_START_PATIENCE));
            room.open(first.lane());
            return room;
        } catch (EngineException | RuntimeException | Error e) {
            opened.close(e);
            throw e;
        }
    }

    private void open(EngineLane first) throws EngineException {
        lanes.add(first);
        for (int lane = 1; lane < engine.description().lanes(); lane++) {
            lanes.add(engine.openLane());
        }
        lanes.watch();
    }

    private static AdmissionGate gate(
            InferenceEngine engine, ServerConfig config, Tenants tenants, CostTable measured, Backlog backlog) {
        long delayNanos = config.queue().delayNanos(measured.costs(), engine.limits());
        AdmissionGate.Limits limits = new AdmissionGate.Limits(
                config.load().maxRequests(), config.load().maxTokens(), delayNanos);
        return new AdmissionGate(limits, tenants, backlog);
    }

    private static BatcherRing ring(
            InferenceEngine engine, ServerConfig config, CostTable measured, Backlog backlog, Reports reports) {
        BatchPolicy policy = config.queue()
                .policy(engine.limits(), measured.costs(), engine.description().lanes());
        Batcher batcher = new Batcher(policy, backlog, reports.telemetry.meters(), reports.nanoClock);
        return BatcherRing.start(
                batcher,
                config.load().ringSlots(),
                new NamedThreads("batcher"),
                fault -> reports.faults.report("the batcher failed", fault));
    }

    private static EngineLanes lanes(
            InferenceEngine engine, ServerConfig config, BatcherRing ring, Executor decodeThreads, Reports reports) {
        EngineWatch watch = watch(ring, reports);
        EngineLanes.Crew crew = new EngineLanes.Crew(
                ring,
                new DecodeStage(decodeThreads, reports.nanoClock, watch::defect),
                watch,
                new NamedThreads("lane"),
                new NamedThreads("watchdog"),
                reports.nanoClock);
        RunLimits limits = new RunLimits(
                config.watchdog().soft().toNanos(), config.watchdog().hard().toNanos());
        return new EngineLanes(engine, limits, crew);
    }

    private static EngineWatch watch(BatcherRing ring, Reports reports) {
        AtomicBoolean lost = new AtomicBoolean();
        return new EngineWatch() {
            @Override
            public void batchFailed(Throwable fault) {
                reports.telemetry.batchFailed();
                reports.faults.report("a batch failed", fault);
            }

            @Override
            public void defect(Throwable fault) {
                reports.faults.report("the server failed", fault);
            }

            @Override
            public void laneTrouble(String kind, Throwable place) {
                reports.faults.announce(kind, place);
            }

            @Override
            public void serving(boolean welcome) {
                if (welcome) {
                    reports.health.serving();
                } else {
                    reports.health.notServing();
                }
            }

            @Override
            public void engineLost(Throwable fault) {
                if (lost.compareAndSet(false, true)) {
                    reports.telemetry.engineLost();
                    ring.put(new BatcherEvent.EngineLost());
                    reports.onEngineLost.accept(fault);
                }
            }
        };
    }

    /** What batches cost on this engine. */
    CostTable costs() {
        return costs;
    }

    /** The bound on what is in flight. */
    AdmissionGate gate() {
        return gate;
    }

    /** What waits, and how fast it is served. */
    Backlog backlog() {
        return backlog;
    }

    /** What the watchdog has noticed. */
    EngineLanes.Incidents incidents() {
        return lanes.incidents();
    }

    BatcherRing ring() {
        return ring;
    }

    /** Ends the lanes after their batches, then the batcher, then the engine unless a lane still uses it. */
    void stop(Duration patience) {
        boolean allStopped = lanes.stop(patience);
        ring.close();
        if (allStopped) {
            engine.close();
        }
    }

    /**
     * Where faults are reported.
     *
     * @param faults the log
     * @param health what callers see
     * @param telemetry the metrics
     * @param onEngineLost told once, on a thread of a lane or of the watchdog
     * @param nanoClock the server's clock
     */
    record Reports(
            FaultLog faults,
            HealthReporter health,
            Telemetry telemetry,
            Consumer<Throwable> onEngineLost,
            LongSupplier nanoClock) {}

    /**
     * The first lane of an engine, and what was measured on it, which warmed it up. Immutable.
     *
     * @param lane belongs to whoever opened it
     * @param costs what batches cost on it
     */
    private record MeasuredLane(EngineLane lane, CostTable costs) {
        /**
         * Opens a lane and measures it.
         *
         * @throws EngineException if it cannot be opened or the engine is lost; the lane is closed then
         */
        static MeasuredLane open(InferenceEngine engine, Calibration calibration) throws EngineException {
            EngineLane lane = engine.openLane();
            try {
                return new MeasuredLane(lane, calibration.measure(engine, lane));
            } catch (EngineException | RuntimeException | Error e) {
                lane.close();
                throw e;
            }
        }
    }
}
