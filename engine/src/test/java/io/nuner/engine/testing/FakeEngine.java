package io.nuner.engine.testing;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine without a model: scores are a function of the row alone, so a row scores the same in every batch. Any thread.
 *
 * <p>Places that no caller may read (padding, spans past the text) hold NaN.
 */
public final class FakeEngine implements InferenceEngine {
    private final EngineLimits limits;
    private final int lanes;
    private final int maxWidth;
    private final List<PackedBatch> batches = new ArrayList<>();
    private final AtomicInteger openLanes = new AtomicInteger();
    private volatile Scoring scoring = Scoring.fromContent();
    private volatile RunHook hook = RunHook.none();
    private volatile EngineCells cells = EngineCells.ANY;
    private volatile boolean closed;

    /**
     * A fake with one score per start word.
     *
     * @param lanes how many lanes may be open at once
     */
    public FakeEngine(EngineLimits limits, int lanes) {
        this(limits, lanes, 1);
    }

    /**
     * A fake that scores {@code maxWidth} widths for each start word.
     *
     * @param lanes how many lanes may be open at once
     */
    public FakeEngine(EngineLimits limits, int lanes, int maxWidth) {
        this.limits = limits;
        this.lanes = lanes;
        this.maxWidth = maxWidth;
    }

    /** From the next run on, answers these scores; {@code Scoring.constant(Float.NaN)} plays a broken model. */
    public void score(Scoring newScoring) {
        scoring = newScoring;
    }

    /** From the next run on, calls this hook at the start of each run. */
    public void onRun(RunHook newHook) {
        hook = newHook;
    }

    /** From now on, every run fails with what the factory makes. */
    public void failWith(Failure failure) {
        hook = batch -> {
            throw failure.make();
        };
    }

    /** The next run fails with what the factory makes; those after it succeed. */
    public void failOnceWith(Failure failure) {
        AtomicInteger left = new AtomicInteger(1);
        hook = batch -> {
            if (left.getAndDecrement() > 0) {
                throw failure.make();
            }
        };
    }

    /** From now on, says that it pads batches to these shapes; scores stay the same. */
    public void padTo(EngineCells newCells) {
        cells = newCells;
    }

    /** Forgets the batches whose runs have started so far, such as those that a starting server measures. */
    public void forgetBatches() {
        synchronized (batches) {
            batches.clear();
        }
    }

    /** Batches whose runs have started, in that order. */
    public List<PackedBatch> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    /** Runs started. */
    public int runs() {
        return batches().size();
    }

    /** Rows of all runs started. */
    public int rows() {
        return batches().stream().mapToInt(PackedBatch::rowCount).sum();
    }

    /** Lanes open now. */
    public int openLanes() {
        return openLanes.get();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public EngineDescription description() {
        return new EngineDescription("fake", "1", "none", lanes);
    }

    @Override
    public EngineLimits limits() {
        return limits;
    }

    @Override
    public EngineCells cells() {
        return cells;
    }

    @Override
    public EngineLane openLane() throws EngineException {
        if (closed) {
            throw EngineException.cannotOpen("the fake engine is closed", new IllegalStateException());
        }
        if (openLanes.incrementAndGet() > lanes) {
            openLanes.decrementAndGet();
            throw EngineException.cannotOpen("all " + lanes + " lanes are open", new IllegalStateException());
        }
        return new FakeLane(this);
    }

    @Override
    public void close() {
        closed = true;
    }

    int maxWidth() {
        return maxWidth;
    }

    Scoring scoring() {
        return scoring;
    }

    void started(PackedBatch batch) throws EngineException {
        synchronized (batches) {
            batches.add(batch);
        }
        hook.beforeRun(batch);
    }

    void laneClosed() {
        openLanes.decrementAndGet();
    }

    /** Makes the exception of a scripted failure. */
    @FunctionalInterface
    public interface Failure {
        /** A new exception for each failing run. */
        EngineException make();
    }
}
