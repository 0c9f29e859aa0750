package io.nuner.server.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.NerServiceGrpc;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One call with texts, from its first frame to its end. Any thread.
 *
 * <p>Whoever sets {@code claimed} first answers for it: the service when it reads the call, or the transport when the call
 * ends before that.
 */
final class CallTrace extends ServerStreamTracer {
    private static final Context.Key<CallTrace> CURRENT = Context.key("nuner-call");
    private static final Set<String> METHODS = Set.of(
            NerServiceGrpc.getExtractMethod().getFullMethodName(),
            NerServiceGrpc.getExtractBatchMethod().getFullMethodName());

    private final long arrivedNanos;
    private final BooleanSupplier stopping;
    private final Consumer<Rejection> unread;
    private final AtomicBoolean claimed = new AtomicBoolean();

    private CallTrace(long arrivedNanos, BooleanSupplier stopping, Consumer<Rejection> unread) {
        this.arrivedNanos = arrivedNanos;
        this.stopping = stopping;
        this.unread = unread;
    }

    /**
     * Makes a trace of each call with texts.
     *
     * @param stopping whether the server is being stopped; else a call that is not available has lost its connection
     * @param unread told of each call that ended before it was read
     */
    static ServerStreamTracer.Factory factory(
            LongSupplier nanoClock, BooleanSupplier stopping, Consumer<Rejection> unread) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return METHODS.contains(method)
                        ? new CallTrace(nanoClock.getAsLong(), stopping, unread)
                        : new ServerStreamTracer() {};
            }
        };
    }

    /** Takes the current call on; false if it is over already. */
    static boolean claim() {
        CallTrace current = CURRENT.get();
        return current == null || current.claimed.compareAndSet(false, true);
    }

    /** When the current call arrived; the given time if nobody looked. */
    static long arrivedNanos(long nowNanos) {
        CallTrace current = CURRENT.get();
        return current == null ? nowNanos : current.arrivedNanos;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(CURRENT, this);
    }

    @Override
    public void streamClosed(Status status) {
        if (claimed.compareAndSet(false, true)) {
            unread.accept(reason(status.getCode()));
        }
    }

    private Rejection reason(Status.Code code) {
        return switch (code) {
            case CANCELLED -> Rejection.CANCELLED;
            case DEADLINE_EXCEEDED -> Rejection.EXPIRED;
            case RESOURCE_EXHAUSTED -> Rejection.TOO_LARGE;
            case UNAUTHENTICATED -> Rejection.UNAUTHENTICATED;
            case UNAVAILABLE -> stopping.getAsBoolean() ? Rejection.SHUTTING_DOWN : Rejection.CANCELLED;
            default -> Rejection.INVALID; // the transport found it to be no call of this method
        };
    }
}
