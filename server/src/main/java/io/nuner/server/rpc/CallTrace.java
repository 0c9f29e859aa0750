package io.nuner.server.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.nuner.server.batching.Rejection;
import io.nuner.v1.NerServiceGrpc;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final Set<String> WITH_TEXTS = Set.of(
            NerServiceGrpc.getExtractMethod().getFullMethodName(),
            NerServiceGrpc.getExtractBatchMethod().getFullMethodName());
    private static final Set<String> WITHOUT_TEXTS =
            Set.of(NerServiceGrpc.getGetServerInfoMethod().getFullMethodName());

    private final long arrivedNanos;
    private final Consumer<Rejection> unread;
    private final AtomicBoolean claimed = new AtomicBoolean();

    private CallTrace(long arrivedNanos, Consumer<Rejection> unread) {
        this.arrivedNanos = arrivedNanos;
        this.unread = unread;
    }

    /**
     * Makes a trace of each call with texts.
     *
     * @param unread told of each call that ended before it was read
     * @throws IllegalStateException if the service has a method of which it is not known whether it carries texts
     */
    static ServerStreamTracer.Factory factory(LongSupplier nanoClock, Consumer<Rejection> unread) {
        requireKnown(NerServiceGrpc.getServiceDescriptor());
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return WITH_TEXTS.contains(method)
                        ? new CallTrace(nanoClock.getAsLong(), unread)
                        : new ServerStreamTracer() {};
            }
        };
    }

    /** Fails for a service with a method that neither list here names. */
    static void requireKnown(ServiceDescriptor service) {
        Set<String> known = new HashSet<>(WITH_TEXTS);
        known.addAll(WITHOUT_TEXTS);
        ServiceBinding.requireAll(service, known, "it must be said whether they carry texts");
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

    private static Rejection reason(Status.Code code) {
        return switch (code) {
            case CANCELLED -> Rejection.CANCELLED;
            case DEADLINE_EXCEEDED -> Rejection.EXPIRED;
            case RESOURCE_EXHAUSTED -> Rejection.TOO_LARGE;
            case UNAUTHENTICATED -> Rejection.UNAUTHENTICATED;
            case UNAVAILABLE -> Rejection.SHUTTING_DOWN;
            default -> Rejection.INVALID; // the transport found it to be no call of this method
        };
    }
}
