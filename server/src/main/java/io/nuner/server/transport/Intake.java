package io.nuner.server.transport;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Tells a call's connection when the service begins to work on its message, which then is no longer unread. Any thread. */
final class Intake implements ServerInterceptor {
    private static final Metadata.Key<String> STREAM =
            Metadata.Key.of(RequestHeaders.STREAM, Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        @Nullable String stream = headers.get(STREAM);
        @Nullable Connection connection = call.getAttributes().get(Connection.KEY);
        headers.discardAll(STREAM);
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        if (stream == null || connection == null) {
            return listener;
        }
        int number = Integer.parseInt(stream);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onHalfClose() {
                connection.read(number);
                super.onHalfClose();
            }
        };
    }
}
