package io.nuner.server.batching;

import com.lmax.disruptor.EventHandler;
import io.nuner.engine.EngineLimits;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;

/**
 * Forms batches. A single-threaded state machine: requests come in, lanes come back, and whenever both are at hand a
 * batch leaves. Batcher thread only.
 *
 * <p>There is no batching delay to tune. While every lane is busy the requests that arrive join the next batch; as soon
 * as one is free, whatever waits goes. Nothing here blocks.
 */
public final class Batcher implements EventHandler<BatcherSlot> {
    private final LongSupplier nanoClock;
    private final WaitingRequests waiting;
    private final Queue<Lane> freeLanes = new ArrayDeque<>();
    private boolean engineLost;

    /** A batcher without lanes: each one reports itself by {@link LaneFreed}. */
    public Batcher(EngineLimits limits, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.waiting = new WaitingRequests(limits);
    }

    @Override
    public void onEvent(BatcherSlot slot, long sequence, boolean endOfBatch) {
        slot.apply(this);
        if (endOfBatch) { // decide once per wake-up, when everything already published has been seen
            dispatch();
        }
    }

    @Override
    public void onTimeout(long sequence) {
        dispatch(); // nothing arrived for a while: deadlines may have passed
    }

    @Override
    public void onShutdown() {
        waiting.rejectAll(Rejection.SHUTTING_DOWN);
    }

    void onArrived(PendingRequest request) {
        if (engineLost) {
            request.reply().reject(Rejection.ENGINE_LOST);
            return;
        }
        waiting.add(request);
    }

    void onLaneFreed(Lane lane) {
        freeLanes.add(lane);
    }

    void onEngineLost() {
        engineLost = true;
        freeLanes.clear();
        waiting.rejectAll(Rejection.ENGINE_LOST);
    }

    private void dispatch() {
        long nowNanos = nanoClock.getAsLong();
        waiting.expire(nowNanos);
        while (!waiting.isEmpty() && !freeLanes.isEmpty()) {
            List<PendingRequest> batch = waiting.takeBatch(nowNanos);
            if (!batch.isEmpty()) {
                start(freeLanes.remove(), batch);
            }
        }
    }

    private static void start(Lane lane, List<PendingRequest> batch) {
        try {
            lane.start(batch);
        } catch (RuntimeException | Error e) {
            batch.forEach(PendingRequest::fail);
            throw e; // to the ring's exception handler, which reports it and goes on
        }
    }
}
