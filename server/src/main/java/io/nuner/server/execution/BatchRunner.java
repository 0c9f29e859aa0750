package io.nuner.server.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.Logits;
import io.nuner.engine.PackedBatch;
import io.nuner.engine.RowLogits;
import io.nuner.server.batching.Batch;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.FirstFailure;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Runs batches on one lane and makes sure that each request gets an answer. One thread at a time.
 *
 * <p>When a batch of several fails, each of its rows runs again alone, so that only the culprit fails.
 */
final class BatchRunner {
    private final EngineLane lane;
    private final DecodeStage decodeStage;
    private final EngineWatch watch;
    private final LongSupplier nanoClock;
    private final Runnable onPass;

    /**
     * A runner of one lane.
     *
     * @param onPass run before each forward pass
     */
    BatchRunner(EngineLane lane, EngineLanes.Crew crew, Runnable onPass) {
        this.lane = lane;
        decodeStage = crew.decodeStage();
        watch = crew.watch();
        nanoClock = crew.nanoClock();
        this.onPass = onPass;
    }

    /** Runs what is still wanted of the batch; false if the engine is lost. */
    boolean run(Batch batch) {
        List<PendingRequest> wanted = stillWanted(batch);
        if (wanted.isEmpty()) {
            return true;
        }
        try {
            long runNanos = runTogether(wanted);
            if (wanted.size() == batch.size()) {
                batch.ran(runNanos);
            }
            return true;
        } catch (EngineException e) {
            return recover(wanted, e);
        }
    }

    private List<PendingRequest> stillWanted(Batch batch) {
        long now = nanoClock.getAsLong();
        List<PendingRequest> wanted = new ArrayList<>(batch.size());
        for (int row = 0; row < batch.size(); row++) {
            if (batch.get(row).keepOrExpire(now)) {
                wanted.add(batch.get(row));
            }
        }
        return wanted;
    }

    private boolean runAlone(PendingRequest request) {
        if (!request.keepOrExpire(nanoClock.getAsLong())) {
            return true;
        }
        List<PendingRequest> alone = List.of(request);
        try {
            runTogether(alone);
            return true;
        } catch (EngineException e) {
            return recover(alone, e);
        }
    }

    /** How long the forward pass took. */
    private long runTogether(List<PendingRequest> requests) throws EngineException {
        PackedBatch batch =
                PackedBatch.of(requests.stream().map(PendingRequest::row).toList());
        onPass.run();
        long start = nanoClock.getAsLong();
        Logits logits = runLane(batch);
        long runNanos = nanoClock.getAsLong() - start;
        BatchRun run = new BatchRun(
                start, runNanos, batch.rowCount(), batch.tokenCount(), batch.rowCount() * batch.longestRow());
        for (int row = 0; row < requests.size(); row++) {
            answer(requests.get(row), logits, row, run);
        }
        return runNanos;
    }

    /** Runs the lane; whatever an engine throws, checked or not, means that this batch failed. */
    private Logits runLane(PackedBatch batch) throws EngineException {
        Logits logits;
        try {
            logits = lane.run(batch);
        } catch (EngineException e) {
            throw e;
        } catch (Throwable e) {
            throw EngineException.batchFailed("the engine threw", e);
        }
        if (logits == null || logits.batch() != batch) { // engines are plug-ins: check what they return
            throw EngineException.batchFailed("the engine returned no scores, or those of another batch");
        }
        return logits;
    }

    private void answer(PendingRequest request, Logits logits, int row, BatchRun run) {
        RowLogits scores;
        try {
            scores = logits.takeRow(row);
        } catch (Throwable e) {
            watch.batchFailed(e);
            request.reply().reject(Rejection.ENGINE_FAILED);
            return;
        }
        decodeStage.answer(request, scores, run);
    }

    private boolean recover(List<PendingRequest> failed, EngineException fault) {
        if (fault.isFatal()) {
            try {
                rejectAll(failed, Rejection.ENGINE_LOST);
            } finally {
                watch.engineLost(fault);
            }
            return false;
        }
        watch.batchFailed(fault);
        if (failed.size() == 1) {
            rejectAll(failed, Rejection.ENGINE_FAILED);
            return true;
        }
        return runEachAlone(failed);
    }

    private boolean runEachAlone(List<PendingRequest> requests) {
        boolean alive = true;
        for (PendingRequest request : requests) {
            if (alive) {
                alive = runAlone(request);
            } else {
                request.reply().reject(Rejection.ENGINE_LOST);
            }
        }
        return alive;
    }

    private static void rejectAll(List<PendingRequest> requests, Rejection rejection) {
        FirstFailure failure = new FirstFailure();
        requests.forEach(request -> failure.run(() -> request.reply().reject(rejection)));
        failure.rethrow();
    }
}
