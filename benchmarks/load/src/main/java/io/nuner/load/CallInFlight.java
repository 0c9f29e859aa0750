package io.nuner.load;

import com.google.rpc.RetryInfo;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.nuner.v1.ExtractResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A call under way. It ends once: with an answer, with a failure, or hung, when nobody waits any longer. Any thread. */
final class CallInFlight extends ClientCall.Listener<ExtractResponse> {
    /** Learns the end of calls. Any thread. */
    interface Ends {
        /** The call has ended at a time of the clock. */
        void finished(CallInFlight call, Outcome outcome, long nowNanos);

        /** The call has not ended in time. */
        void hung(CallInFlight call);
    }

    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final NextCall asked;
    private final long intendedNanos;
    private final ClientCall<byte[], ExtractResponse> call;
    private final LongSupplier nanoClock;
    private final Ends ends;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ExtractResponse response;

    CallInFlight(
            NextCall asked,
            long intendedNanos,
            ClientCall<byte[], ExtractResponse> call,
            LongSupplier nanoClock,
            Ends ends) {
        this.asked = asked;
        this.intendedNanos = intendedNanos;
        this.call = call;
        this.nanoClock = nanoClock;
        this.ends = ends;
    }

    NextCall asked() {
        return asked;
    }

    void send(byte[] message, String tenant) {
        Metadata headers = new Metadata();
        if (!tenant.isEmpty()) {
            headers.put(TENANT, tenant);
        }
        call.start(this, headers);
        call.request(2); // a second answer to a unary call would be a failure, and must not stay unread
        call.sendMessage(message);
        call.halfClose();
    }

    /** Cancels the call, unless it has ended already. */
    void cancel() {
        call.cancel("given up on purpose", null);
    }

    /** Gives up waiting: the call is hung, unless it has ended already. */
    void giveUp() {
        if (ended.compareAndSet(false, true)) {
            ends.hung(this);
        }
        call.cancel("no answer in time", null);
    }

    @Override
    public void onMessage(ExtractResponse message) {
        response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        long nowNanos = nanoClock.getAsLong();
        if (ended.compareAndSet(false, true)) {
            ends.finished(this, outcome(status, trailers, nowNanos), nowNanos);
        }
    }

    private Outcome outcome(Status status, Metadata trailers, long nowNanos) {
        boolean failed = !status.isOk();
        return new Outcome(
                asked,
                status.getCode(),
                nowNanos - intendedNanos,
                failed ? null : response,
                failed && trailers.containsKey(PUSHBACK),
                failed && hasRetryInfo(status, trailers));
    }

    private static boolean hasRetryInfo(Status status, Metadata trailers) {
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        return details != null && details.getDetailsList().stream().anyMatch(detail -> detail.is(RetryInfo.class));
    }

    /**
     * How a call ended. Immutable.
     *
     * @param latencyNanos from its intended start
     * @param response of a call that succeeded
     * @param pushback whether a refusal had the trailer {@code grpc-retry-pushback-ms}
     * @param retryInfo whether its details had a {@code RetryInfo}
     */
    record Outcome(
            NextCall asked,
            Status.Code code,
            long latencyNanos,
            @Nullable ExtractResponse response,
            boolean pushback,
            boolean retryInfo) {
        /** True if the answer is of use to the caller. */
        boolean isGood() {
            return code == Status.Code.OK && latencyNanos <= asked.deadlineNanos();
        }

        /** True if the server refused it: it is overloaded or is stopping. */
        boolean isRefused() {
            return code == Status.Code.RESOURCE_EXHAUSTED || code == Status.Code.UNAVAILABLE;
        }
    }
}
