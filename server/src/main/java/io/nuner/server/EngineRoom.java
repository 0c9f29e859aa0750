package io.nuner.server;

import io.nuner.engine.EngineException;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.BatchObserver;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.EngineLost;
import io.nuner.server.cells.CostModel;
import io.nuner.server.cells.CostTerms;
import io.nuner.server.execution.DecodeStage;
import io.nuner.server.execution.EngineLanes;
import io.nuner.server.execution.EngineWatch;
import io.nuner.server.execution.LaneIncidents;
import io.nuner.server.execution.RunLimits;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.observe.HealthReporter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The batcher, the lanes and the engine, which it owns. Started and stopped by one thread. */
final class EngineRoom {
    private final InferenceEngine engine;
    private final BatcherRing ring;
    private final EngineLanes lanes;

    private EngineRoom(InferenceEngine engine, BatcherRing ring, EngineLanes lanes) {
        this.engine = engine;
        this.ring = ring;
        this.lanes = lanes;
    }

    /**
     * Opens every lane of the engine.
     *
     * @throws EngineException if a lane cannot be opened; the engine is closed then
     */
    static EngineRoom start(
            InferenceEngine engine, ServerConfig config, Executor decodeThreads, Backlog backlog, Reports reports)
            throws EngineException {
        CostModel costs = new CostModel(new CostTerms(1e6, 0, 0, 2e4, 0), engine.cells());
        BatchPolicy policy =
                BatchPolicy.of(engine.limits(), costs, engine.description().lanes());
        Batcher batcher = new Batcher(policy, backlog, BatchObserver.none(), reports.nanoClock);
        BatcherRing ring = BatcherRing.start(
                batcher,
                config.load().ringSlots(),
                new NamedThreads("batcher"),
                fault -> reports.faults.report("the batcher failed", fault));
        EngineWatch watch = watch(ring, reports);
        EngineLanes.Crew crew = new EngineLanes.Crew(
                new DecodeStage(decodeThreads, reports.nanoClock, watch::defect),
                watch,
                new NamedThreads("lane"),
                new NamedThreads("watchdog"),
                reports.nanoClock);
        EngineRoom room = new EngineRoom(engine, ring, new EngineLanes(engine, ring, limits(config.watchdog()), crew));
        try {
            for (int lane = 0; lane < engine.description().lanes(); lane++) {
                room.lanes.add(engine.openLane());
            }
            room.lanes.watch();
            return room;
        } catch (EngineException | RuntimeException e) {
            room.stop(Duration.ofSeconds(1));
            throw e;
        }
    }

    private static RunLimits limits(WatchdogConfig watchdog) {
        return new RunLimits(watchdog.soft().toNanos(), watchdog.hard().toNanos());
    }

    private static EngineWatch watch(BatcherRing ring, Reports reports) {
        AtomicBoolean lost = new AtomicBoolean();
        return new EngineWatch() {
            @Override
            public void batchFailed(Throwable fault) {
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
                    ring.put(new EngineLost());
                    reports.onEngineLost.accept(fault);
                }
            }
        };
    }

    /** What the watchdog has noticed. */
    LaneIncidents incidents() {
        return lanes.incidents();
    }

    BatcherRing ring() {
        return ring;
    }

    /** Ends the lanes after the batches they run, then the batcher, then the engine unless a lane still uses it. */
    void stop(Duration patience) {
        boolean allStopped = lanes.stop(patience);
        ring.close();
        if (allStopped) {
            engine.close();
        }
    }

    /**
     * Who hears of what goes wrong.
     *
     * @param faults the log
     * @param health what callers see
     * @param onEngineLost told once, on a thread of a lane or of the watchdog
     * @param nanoClock the server's clock
     */
    record Reports(FaultLog faults, HealthReporter health, Consumer<Throwable> onEngineLost, LongSupplier nanoClock) {}
}
