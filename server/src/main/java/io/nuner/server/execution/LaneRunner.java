package io.nuner.server.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatcherEvent;
import io.nuner.server.batching.Lane;
import io.nuner.server.batching.Rejection;
import io.nuner.server.execution.LaneWatchdog.WatchedLane;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one {@link EngineLane}, which it owns and closes. Any thread.
 *
 * <p>Takes a batch, runs it, hands the scores over and reports itself free; stops reporting when the engine is lost. No
 * exception from a batch ends the thread.
 *
 * <p>One word, {@code run}, says what the lane does: the batcher starts a run there, the lane's thread ends it, the watchdog
 * gives it up. All three use compare-and-set, so a lane either reports itself free or is given up, never both, and whoever
 * comes second touches nothing.
 *
 * <pre>
 * field        writer                                  readers                 ordered by
 * run          batcher, lane's thread, watchdog        any thread              compare-and-set
 * batch        batcher and lane in turn, see Batch     both, watchdog          inbox, ring; run, once given up
 * inbox        batcher; stop() puts STOP               lane's thread           the queue's lock
 * engineLane   lane's thread, once                     watchdog                volatile
 * ended        lane's thread, once                     watchdog                volatile
 * </pre>
 */
final class LaneRunner implements Lane, WatchedLane {
    /** Put into the inbox to end the thread. */
    private static final Batch STOP = new Batch(0);

    /** The smallest forward pass: a lane that comes back from it with numbers works. */
    private static final PackedBatch TRIAL =
            PackedBatch.of(List.of(TokenRow.copyOf(new int[] {1, 1, 1}, new int[] {2}, new int[] {1})));

    private final EngineLanes.Crew crew;
    private final WatchdogThread watchdog;
    private final BatcherEvent.LaneFreed freed = new BatcherEvent.LaneFreed(this);
    private final Batch batch;
    private final BlockingQueue<Batch> inbox = new ArrayBlockingQueue<>(2);
    private final AtomicReference<LaneRun> run;
    private final Thread thread;
    private volatile @Nullable EngineLane engineLane;
    private volatile boolean ended;

    /**
     * A lane whose thread has not started.
     *
     * @param first {@link LaneRun#NONE}, or a trial that the lane has to pass before it reports itself
     * @param batch its own from now on, empty
     * @param watchdog told when a run starts and when the thread ends
     */
    LaneRunner(Opening opening, LaneRun first, Batch batch, WatchdogThread watchdog, EngineLanes.Crew crew) {
        this.crew = crew;
        this.watchdog = watchdog;
        this.batch = batch;
        this.run = new AtomicReference<>(first);
        this.thread = crew.laneThreads().newThread(() -> live(opening));
    }

    /** Starts the thread; it opens the engine's lane and then reports itself to the ring. */
    void startThread() {
        thread.start();
    }

    @Override
    public Batch batch() {
        return batch;
    }

    @Override
    public void start() {
        LaneRun pass = LaneRun.pass(batch.startNanos(), batch.expectedNanos());
        if (!run.compareAndSet(LaneRun.NONE, pass)) {
            rejectBatch(Rejection.ENGINE_LOST); // given up while it was idle; the batcher learns that from the ring
            return;
        }
        inbox.add(batch);
        watchdog.wake();
    }

    @Override
    public LaneRun run() {
        return Objects.requireNonNull(run.get());
    }

    @Override
    public boolean isAlive() {
        return !ended && thread.isAlive();
    }

    @Override
    public boolean giveUp(LaneRun seen) {
        return run.compareAndSet(seen, LaneRun.GIVEN_UP);
    }

    /** The engine's lane; null until it is open. */
    @Nullable
    EngineLane engineLane() {
        return engineLane;
    }

    /** Where its thread is. */
    StackTraceElement[] place() {
        return thread.getStackTrace();
    }

    /** Answers every request of its batch that has no answer yet. For whoever gave the lane up. */
    void rejectBatch(Rejection rejection) {
        batch.rejectAll(rejection);
    }

    /** Lets the running batch finish, then ends the thread; false if it did not end in time and was left behind. */
    boolean stop(Duration patience) {
        inbox.offer(STOP);
        try {
            thread.join(Math.max(1, patience.toMillis())); // zero would wait for ever
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void live(Opening opening) {
        try (EngineLane lane = opening.open()) {
            engineLane = lane;
            if (run().isTrial()) {
                lane.run(TRIAL).takeRow(0);
            }
            serve(new BatchRunner(lane, crew, this::startPass));
        } catch (Throwable e) { // whatever was thrown, the watchdog finds the lane dead
            crew.watch().laneTrouble("a lane ended", e);
        } finally {
            ended = true;
            watchdog.lookNow();
        }
    }

    private void serve(BatchRunner runner) {
        boolean mine = becomeFree();
        while (mine && takeFromInbox() != STOP) {
            boolean engineAlive = runBatch(runner);
            mine = engineAlive ? becomeFree() : endRun();
        }
    }

    private boolean runBatch(BatchRunner runner) {
        try {
            return runner.run(batch);
        } catch (Throwable e) {
            rejectBatch(Rejection.DEFECT);
            crew.watch().defect(e);
            return true;
        }
    }

    /** False if the lane was given up. */
    private boolean becomeFree() {
        if (!endRun()) {
            return false;
        }
        crew.ring().put(freed);
        return true;
    }

    private boolean endRun() {
        LaneRun mine = run();
        return mine != LaneRun.GIVEN_UP && run.compareAndSet(mine, LaneRun.NONE);
    }

    private void startPass() {
        LaneRun mine = run();
        if (mine != LaneRun.GIVEN_UP) {
            run.compareAndSet(mine, mine.next(crew.nanoClock().getAsLong()));
        }
    }

    /** Goes on after an interruption: engines may leave their thread interrupted, nobody here interrupts it. */
    private Batch takeFromInbox() {
        Optional<Batch> taken = Optional.empty();
        while (taken.isEmpty()) {
            taken = tryTake();
        }
        return taken.get();
    }

    private Optional<Batch> tryTake() {
        try {
            return Optional.of(inbox.take());
        } catch (InterruptedException e) {
            return Optional.empty(); // and the flag is cleared
        }
    }

    /** Gets the engine's lane. Called once, on the lane's thread. */
    @FunctionalInterface
    interface Opening {
        EngineLane open() throws EngineException;
    }
}
