package io.nuner.server;

import io.nuner.engine.EngineException;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.batching.Backlog;
import io.nuner.server.batching.BatchObserver;
import io.nuner.server.batching.BatchPolicy;
import io.nuner.server.batching.Batcher;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.EngineLost;
import io.nuner.server.cells.Calibration;
import io.nuner.server.cells.CellTable;
import io.nuner.server.execution.DecodeStage;
import io.nuner.server.execution.EngineWatch;
import io.nuner.server.execution.LaneRunner;
import io.nuner.server.observe.FaultLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The batcher, the lanes and the engine, which it owns. Started and stopped by one thread. */
final class EngineRoom {
    private final InferenceEngine engine;
    private final CellTable cells;
    private final Backlog backlog;
    private final BatcherRing ring;
    private final List<LaneRunner> lanes = new ArrayList<>();

    private EngineRoom(InferenceEngine engine, CellTable cells, Backlog backlog, BatcherRing ring) {
        this.engine = engine;
        this.cells = cells;
        this.backlog = backlog;
        this.ring = ring;
    }

    /**
     * Measures the engine on its first lane and opens the others.
     *
     * @throws EngineException if a lane cannot be opened or the engine is lost; every lane is closed then
     */
    static EngineRoom start(InferenceEngine engine, ServerConfig config, Executor decodeThreads, Reports reports)
            throws EngineException {
        Calibration calibration = new Calibration(config.batching().calibration(), reports.nanoClock);
        MeasuredLane first = MeasuredLane.open(engine, calibration);
        BatchPolicy policy = config.queue()
                .policy(
                        engine.limits(),
                        first.cells().costs(),
                        engine.description().lanes());
        Backlog backlog = new Backlog();
        Batcher batcher = new Batcher(policy, backlog, BatchObserver.none(), reports.nanoClock);
        BatcherRing ring = BatcherRing.start(
                batcher,
                config.load().ringSlots(),
                new NamedThreads("batcher"),
                fault -> reports.faults.report("the batcher failed", fault));
        EngineRoom room = new EngineRoom(engine, first.cells(), backlog, ring);
        LaneRunner.Surroundings surroundings = new LaneRunner.Surroundings(
                new DecodeStage(decodeThreads, reports.nanoClock),
                room.watch(reports),
                new NamedThreads("lane"),
                reports.nanoClock,
                engine.limits().maxRows());
        try {
            room.lanes.add(LaneRunner.start(first.lane(), ring, surroundings));
            for (int lane = 1; lane < engine.description().lanes(); lane++) {
                room.lanes.add(LaneRunner.start(engine.openLane(), ring, surroundings));
            }
            return room;
        } catch (EngineException | RuntimeException e) {
            room.stop(Duration.ofSeconds(1));
            throw e;
        }
    }

    private EngineWatch watch(Reports reports) {
        AtomicBoolean lost = new AtomicBoolean();
        return new EngineWatch() {
            @Override
            public void batchFailed(Throwable fault) {
                reports.faults.report("a batch failed", fault);
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

    /** What batches cost on this engine. */
    CellTable cells() {
        return cells;
    }

    /** What waits, and how fast it goes. */
    Backlog backlog() {
        return backlog;
    }

    BatcherRing ring() {
        return ring;
    }

    /** Ends the lanes after the batches they run, then the batcher, then the engine unless a lane still uses it. */
    void stop(Duration patience) {
        boolean allStopped = true;
        for (LaneRunner lane : lanes) {
            allStopped &= lane.stop(patience);
        }
        ring.close();
        if (allStopped) {
            engine.close();
        }
    }

    /**
     * Who hears of what goes wrong.
     *
     * @param faults the log
     * @param onEngineLost told once, on a lane's thread
     * @param nanoClock the server's clock
     */
    record Reports(FaultLog faults, Consumer<Throwable> onEngineLost, LongSupplier nanoClock) {}
}
