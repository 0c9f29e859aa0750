package io.nuner.server.answers;

import io.grpc.StatusRuntimeException;
import io.nuner.server.batching.Refusal;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What all streams share. Immutable.
 *
 * @param limits how long a stream may stand still
 * @param timer runs what is due; its tasks must be short
 * @param threads run the work of streams
 * @param nanoClock the server's clock
 * @param statuses the status with which a refused stream ends
 * @param onDefect told of exceptions that nobody handles; must not throw
 */
public record StreamWork(
        StreamLimits limits,
        ScheduledExecutorService timer,
        Executor threads,
        LongSupplier nanoClock,
        Function<? super Refusal, ? extends StatusRuntimeException> statuses,
        Consumer<? super Throwable> onDefect) {}
