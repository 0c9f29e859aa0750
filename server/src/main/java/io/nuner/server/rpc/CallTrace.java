package io.nuner.server.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.nuner.server.answers.Accounting;
import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Rejection;
import io.nuner.server.transport.EarlyRefusal;
import io.nuner.server.transport.TransportObserver.Early;
import io.nuner.v1.NerServiceGrpc;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first frame to its end. Any thread.
 *
 * <p>The first to set {@code claimed} counts the call: the service when it reads the call, or this trace when the call ends
 * before that.
 */
final class CallTrace extends ServerStreamTracer {
    private static final Context.Key<CallTrace> CURRENT = Context.key("nuner-call");
    private static final String SERVICE = NerServiceGrpc.SERVICE_NAME + "/";
    private static final Set<String> WITH_TEXTS = Set.of(
            NerServiceGrpc.getExtractMethod().getFullMethodName(),
            NerServiceGrpc.getExtractBatchMethod().getFullMethodName(),
            NerServiceGrpc.getExtractDocumentMethod().getFullMethodName(),
            NerServiceGrpc.getExtractStreamMethod().getFullMethodName());
    private static final Set<String> WITHOUT_TEXTS =
            Set.of(NerServiceGrpc.getGetServerInfoMethod().getFullMethodName());

    private final long arrivedNanos;
    private final Consumer<Rejection> unread;
    private final BooleanSupplier stopping;
    private final Delivery delivery;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile long wireBytes;
    private volatile @Nullable Rejection refused;

    private CallTrace(long arrivedNanos, Consumer<Rejection> unread, BooleanSupplier stopping, Delivery delivery) {
        this.arrivedNanos = arrivedNanos;
        this.unread = unread;
        this.stopping = stopping;
        this.delivery = delivery;
    }

    /**
     * Makes a trace of each call of the service.
     *
     * @param deliveries makes the delivery of a call's answer
     * @param unread told of each call with texts that ended before it was read
     * @param stopping whether the server is being stopped, and so ends calls itself
     * @throws IllegalStateException if the service has a method that is in neither list of this class
     */
    static ServerStreamTracer.Factory factory(
            LongSupplier nanoClock,
            Supplier<Delivery> deliveries,
            Consumer<Rejection> unread,
            BooleanSupplier stopping) {
        requireKnown(NerServiceGrpc.getServiceDescriptor());
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                if (!method.startsWith(SERVICE)) {
                    return new ServerStreamTracer() {};
                }
                Consumer<Rejection> onUnread = WITH_TEXTS.contains(method) ? unread : reason -> {};
                return new CallTrace(nanoClock.getAsLong(), onUnread, stopping, deliveries.get());
            }
        };
    }

    /** Fails for a service with a method that neither list here names. */
    static void requireKnown(ServiceDescriptor service) {
        Set<String> known = new HashSet<>(WITH_TEXTS);
        known.addAll(WITHOUT_TEXTS);
        ServiceBinding.requireAll(service, known, "it must be said whether they carry texts");
    }

    /** Claims the current call for the service; false if it has ended already. */
    static boolean claim() {
        CallTrace current = CURRENT.get();
        return current == null || current.claimed.compareAndSet(false, true);
    }

    /** The current call is refused by its headers, for this reason. */
    static void refused(Rejection reason) {
        CallTrace current = CURRENT.get();
        if (current != null) {
            current.refused = reason;
        }
    }

    /** The delivery of the current call's answer. */
    static Delivery delivery() {
        CallTrace current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("nobody looks at this call");
        }
        return current.delivery;
    }

    /** Tells the bytes of all messages that the current call has been answered with, compressed and without their prefixes. */
    static LongSupplier wireBytes() {
        CallTrace current = CURRENT.get();
        return current == null ? () -> 0 : () -> current.wireBytes;
    }

    /** When the current call arrived; the given time outside of a call. */
    static long arrivedNanos(long nowNanos) {
        CallTrace current = CURRENT.get();
        return current == null ? nowNanos : current.arrivedNanos;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(CURRENT, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
        delivery.comesBy(Accounting.of(call.getAttributes()));
    }

    /** Called by whoever sends, one thread at a time. */
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void outboundWireSize(long bytes) {
        wireBytes += bytes;
    }

    @Override
    public void streamClosed(Status status) {
        delivery.closed(status);
        if (claimed.compareAndSet(false, true)) {
            unread.accept(reason(status.getCode()));
        }
    }

    private Rejection reason(Status.Code code) {
        @Nullable Early early = EarlyRefusal.underWay();
        if (early != null) {
            return EarlyEndings.reason(early);
        }
        @Nullable Rejection byHeaders = refused;
        if (byHeaders != null) {
            return byHeaders;
        }
        return switch (code) {
            case CANCELLED -> Rejection.CANCELLED;
            case DEADLINE_EXCEEDED -> Rejection.EXPIRED;
            case UNAVAILABLE -> // the server stops, or the connection has ended
                stopping.getAsBoolean() ? Rejection.SHUTTING_DOWN : Rejection.CANCELLED;
            default -> Rejection.INVALID; // the transport could not read it as a call of this method
        };
    }
}
