package io.nuner.server.execution;

import io.nuner.engine.EngineLane;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatcherRing;
import io.nuner.server.batching.Lane;
import io.nuner.server.batching.LaneFreed;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * The thread of one {@link EngineLane}, which it owns and closes. Any thread.
 *
 * <p>Takes a batch, runs it, hands the scores over and reports itself free; stops reporting when the engine is lost.
 */
public final class LaneRunner implements Lane {
    /** What a stopping runner finds in its inbox. */
    private static final Batch STOP = new Batch(0);

    private final EngineLane engineLane;
    private final BatcherRing ring;
    private final BatchRunner runner;
    private final LaneFreed freed = new LaneFreed(this);
    private final Batch batch;
    private final BlockingQueue<Batch> inbox = new ArrayBlockingQueue<>(2);
    private final Thread thread;

    private LaneRunner(EngineLane engineLane, BatcherRing ring, BatchRunner runner, Surroundings surroundings) {
        this.engineLane = engineLane;
        this.ring = ring;
        this.runner = runner;
        this.batch = new Batch(surroundings.maxRows());
        this.thread = surroundings.threads().newThread(this::runUntilStopped);
    }

    /** Starts the thread of a lane; it reports itself to the ring at once. */
    public static LaneRunner start(EngineLane engineLane, BatcherRing ring, Surroundings surroundings) {
        BatchRunner runner =
                new BatchRunner(engineLane, surroundings.decodeStage(), surroundings.watch(), surroundings.nanoClock());
        LaneRunner started = new LaneRunner(engineLane, ring, runner, surroundings);
        started.thread.start();
        return started;
    }

    @Override
    public Batch batch() {
        return batch;
    }

    @Override
    public void start() {
        inbox.add(batch);
    }

    /** Lets the running batch finish, then ends the thread; false if it did not end in time and was left behind. */
    public boolean stop(Duration patience) {
        inbox.add(STOP);
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void runUntilStopped() {
        try (engineLane) {
            ring.put(freed);
            while (takeFromInbox() != STOP) {
                if (runner.run(batch)) {
                    ring.put(freed);
                }
            }
        }
    }

    private Batch takeFromInbox() {
        try {
            return inbox.take();
        } catch (InterruptedException e) {
            return STOP;
        }
    }

    /**
     * What lanes share.
     *
     * @param decodeStage where scores go
     * @param watch who hears of failures
     * @param threads makes the lane's thread
     * @param nanoClock the server's clock
     * @param maxRows rows of one batch at most
     */
    public record Surroundings(
            DecodeStage decodeStage, EngineWatch watch, ThreadFactory threads, LongSupplier nanoClock, int maxRows) {}
}
