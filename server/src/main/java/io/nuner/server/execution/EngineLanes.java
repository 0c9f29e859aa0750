package io.nuner.server.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.InferenceEngine;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Rejection;
import io.nuner.server.execution.LaneWatchdog.WatchedLane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The lanes of one engine: run, watched, replaced and stopped together. Any thread.
 *
 * <p>A lane that does not come back is given up: its requests are answered ENGINE_LOST, its thread is left behind and what
 * that thread may still return is dropped. Another lane takes its place, proves itself by a forward pass of its own and only
 * then takes batches and makes the server SERVING again: a lane that merely opened could hang in its first run, and while the
 * server is NOT_SERVING no call would show it. There are as many replacements as lanes, for the life of the
 * process, since each leaves a thread and its memory behind; after that, or when a replacement fails, the engine is lost.
 */
public final class EngineLanes {
    private static final Duration NO_PATIENCE = Duration.ofMillis(1);

    private final InferenceEngine engine;
    private final Crew crew;
    private final LaneWatchdog watchdog;
    private final WatchdogThread watchdogThread;
    private final List<LaneRunner> lanes = new CopyOnWriteArrayList<>();
    private final Object adding = new Object();
    private final AtomicLong slow = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong replaced = new AtomicLong();
    private final RunLimits limits;
    /** Watchdog thread only. */
    private int replacementsLeft;
    /** Guarded by {@code adding}: no lane is added once it is set. */
    private boolean stopping;

    /** No lanes yet; {@link #watch} must follow once they are added. */
    public EngineLanes(InferenceEngine engine, RunLimits limits, Crew crew) {
        this.engine = engine;
        this.limits = limits;
        this.crew = crew;
        replacementsLeft = engine.description().lanes();
        watchdog = new LaneWatchdog(limits, new Reactions(), crew.nanoClock);
        watchdogThread = new WatchdogThread(watchdog, crew.watchdogThreads, crew.watch::defect);
    }

    /** The engine of these lanes. */
    public InferenceEngine engine() {
        return engine;
    }

    /** Starts the thread of an open lane, which belongs to this object from now on; closes the lane if no thread starts. */
    public void add(EngineLane open) {
        try {
            add(new LaneRunner(() -> open, LaneRun.NONE, emptyBatch(), watchdogThread, crew));
        } catch (RuntimeException | Error e) {
            open.close();
            throw e;
        }
    }

    /** Does nothing once the lanes are stopping. */
    private void add(LaneRunner lane) {
        synchronized (adding) {
            if (!stopping) {
                lane.startThread(); // before it is watched: a thread that has not started looks dead
                lanes.add(lane);
                watchdog.add(lane);
            }
        }
    }

    private Batch emptyBatch() {
        return new Batch(engine.limits().maxRows());
    }

    private boolean isStopping() {
        synchronized (adding) {
            return stopping;
        }
    }

    /** Starts to watch. */
    public void watch() {
        watchdogThread.start();
    }

    /** What the watchdog has noticed so far. */
    public Incidents incidents() {
        return new Incidents(slow.get(), lost.get(), replaced.get());
    }

    /**
     * Lets running batches finish, unless they are slow already, and ends the threads.
     *
     * @param patience for each lane
     * @return false if a thread was left behind: it may still be inside the engine
     */
    public boolean stop(Duration patience) {
        synchronized (adding) {
            stopping = true;
        }
        watchdogThread.stop();
        boolean allStopped = true;
        for (LaneRunner lane : lanes) {
            boolean hopeless = lane.run() == LaneRun.GIVEN_UP
                    || limits.isSlow(lane.run(), crew.nanoClock().getAsLong());
            allStopped &= lane.stop(hopeless ? NO_PATIENCE : patience);
        }
        return allStopped;
    }

    /**
     * What the lanes work with.
     *
     * @param ring where they report themselves
     * @param decodeStage where scores go
     * @param watch told of failures
     * @param laneThreads makes the lanes' threads
     * @param watchdogThreads makes the watchdog's thread
     * @param nanoClock the server's clock
     */
    public record Crew(
            BatcherRing ring,
            DecodeStage decodeStage,
            EngineWatch watch,
            ThreadFactory laneThreads,
            ThreadFactory watchdogThreads,
            LongSupplier nanoClock) {}

    /** What follows from what the watchdog sees. Watchdog thread only. */
    private final class Reactions implements LaneWatchdog.Alarms {
        @Override
        public void slow(WatchedLane lane) {
            slow.incrementAndGet();
            crew.watch().laneTrouble("a run takes too long", whereItHangs((LaneRunner) lane));
        }

        @Override
        public void stuck() {
            crew.ring.put(new BatcherEvent.LanesStuck());
        }

        @Override
        public void unwell() {
            crew.watch().serving(false);
        }

        @Override
        public void wellAgain() {
            crew.watch().serving(true);
        }

        @Override
        public void lost(WatchedLane given, LaneRun run) {
            LaneRunner lane = (LaneRunner) given;
            if (isStopping()) {
                rejectBatch(lane, run, Rejection.SHUTTING_DOWN);
                return; // its thread was told to end
            }
            lost.incrementAndGet();
            EngineException place = whereItHangs(lane);
            crew.ring.put(new BatcherEvent.LaneLost(lane));
            try {
                rejectBatch(lane, run, Rejection.ENGINE_LOST);
            } finally {
                replace(lane, run, place);
            }
        }

        /** Leaves the batch of an idle lane alone: the batcher may be filling or clearing it. */
        private void rejectBatch(LaneRunner lane, LaneRun run, Rejection reason) {
            if (run.isBusy()) {
                lane.rejectBatch(reason);
            }
        }

        private void replace(LaneRunner lane, LaneRun run, EngineException place) {
            EngineLane hung = lane.engineLane();
            if (run.isTrial() || hung == null || replacementsLeft == 0) {
                crew.watch().engineLost(place);
                return;
            }
            replacementsLeft--;
            LaneRun trial = LaneRun.trial(crew.nanoClock().getAsLong());
            add(new LaneRunner(() -> openAgain(hung), trial, emptyBatch(), watchdogThread, crew));
            crew.watch().laneTrouble("a lane is given up and replaced", place);
        }
    }

    private EngineLane openAgain(EngineLane hung) throws EngineException {
        EngineLane lane = engine.replaceLane(hung);
        replaced.incrementAndGet();
        return lane;
    }

    /** Says where the lane's thread is. */
    private static EngineException whereItHangs(LaneRunner lane) {
        EngineException place = EngineException.engineHung("a run of the engine does not come back");
        place.setStackTrace(lane.place());
        return place;
    }

    /**
     * What the watchdog has counted since the start. Immutable.
     *
     * @param slow runs that passed their soft limit
     * @param lost lanes given up: their run passed its hard limit, or their thread ended
     * @param replaced lanes opened in their place
     */
    public record Incidents(long slow, long lost, long replaced) {}
}
