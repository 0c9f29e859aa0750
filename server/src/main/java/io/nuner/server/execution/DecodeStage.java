package io.nuner.server.execution;

import io.nuner.engine.RowLogits;
import io.nuner.server.batching.BatchRun;
import io.nuner.server.batching.PendingRequest;
import io.nuner.server.batching.Rejection;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Turns scores into answers, off the lane's thread. Any thread.
 *
 * <p>Its queue needs no bound: every row in it belongs to an admitted request.
 */
public final class DecodeStage {
    private final Executor threads;
    private final LongSupplier nanoClock;
    private final Consumer<? super Throwable> onDefect;

    /**
     * Answers on the given threads.
     *
     * @param onDefect told of every exception that escapes an answer
     */
    public DecodeStage(Executor threads, LongSupplier nanoClock, Consumer<? super Throwable> onDefect) {
        this.threads = threads;
        this.nanoClock = nanoClock;
        this.onDefect = onDefect;
    }

    /** Answers the request with its scores, or EXPIRED if its deadline passes before that. */
    public void answer(PendingRequest request, RowLogits logits, BatchRun run) {
        try {
            threads.execute(() -> answerNow(request, logits, run));
        } catch (RejectedExecutionException e) {
            request.reply().reject(Rejection.SHUTTING_DOWN);
        }
    }

    private void answerNow(PendingRequest request, RowLogits logits, BatchRun run) {
        try {
            if (request.keepOrExpire(nanoClock.getAsLong())) {
                request.reply().score(logits, run);
            }
        } catch (Throwable e) {
            try {
                onDefect.accept(e);
            } finally {
                request.reply().reject(Rejection.DEFECT);
            }
        }
    }
}
