package io.nuner.server.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;

/** Refuses calls for which the threads that take calls in have no room left. Any thread. */
public final class FullQueue implements ServerInterceptor {
    private static final Metadata.Key<String> FULL =
            Metadata.Key.of("nuner-queue-full", Metadata.ASCII_STRING_MARSHALLER);

    /** Has the call with these headers refused. */
    public static void mark(Metadata headers) {
        headers.put(FULL, "");
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return headers.containsKey(FULL)
                ? RejectionStatus.end(call, Refusal.of(Rejection.OVERLOADED))
                : next.startCall(call, headers);
    }
}
