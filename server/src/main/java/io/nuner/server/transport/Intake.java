package io.nuner.server.transport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Tells a call's connection what the service has read, and gives a call of several messages its {@link StreamLine}. Any thread.
 *
 * <p>A call's only message counts as unread until the service begins to work on it; a message of a stream, until the service
 * asks for the next.
 */
final class Intake implements ServerInterceptor {
    private static final Metadata.Key<String> STREAM =
            Metadata.Key.of(RequestHeaders.STREAM, Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        @Nullable String stream = headers.get(STREAM);
        @Nullable Connection connection = call.getAttributes().get(Connection.KEY);
        headers.discardAll(STREAM);
        if (stream == null || connection == null) {
            return next.startCall(call, headers);
        }
        int number = Integer.parseInt(stream);
        @Nullable UnreadCall inbound = connection.call(number);
        MethodType type = call.getMethodDescriptor().getType();
        if (inbound == null || type == MethodType.UNARY) {
            return new Reading<>(next.startCall(call, headers), connection, number);
        }
        Context context = Context.current().withValue(StreamLine.CURRENT, new StreamLine(connection, inbound));
        if (type.clientSendsOneMessage()) {
            return new Reading<>(Contexts.interceptCall(context, call, headers, next), connection, number);
        }
        return new ReadingStream<>(
                Contexts.interceptCall(context, new Asking<>(call, connection, inbound), headers, next),
                connection,
                inbound);
    }

    /** Tells when the client has said all. */
    private static class Reading<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Connection connection;
        private final int stream;

        private Reading(ServerCall.Listener<Q> listener, Connection connection, int stream) {
            super(listener);
            this.connection = connection;
            this.stream = stream;
        }

        @Override
        public void onHalfClose() {
            connection.read(stream);
            super.onHalfClose();
        }
    }

    /** Counts the messages, too. */
    private static final class ReadingStream<Q> extends Reading<Q> {
        private final @Nullable InboundMessages messages;

        private ReadingStream(ServerCall.Listener<Q> listener, Connection connection, UnreadCall call) {
            super(listener, connection, call.stream());
            messages = call.messages();
        }

        @Override
        public void onMessage(Q message) {
            if (messages != null) {
                messages.delivered();
            }
            super.onMessage(message);
        }
    }

    /** Tells when the service asks for messages. */
    private static final class Asking<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Connection connection;
        private final UnreadCall call;

        private Asking(ServerCall<Q, A> delegate, Connection connection, UnreadCall call) {
            super(delegate);
            this.connection = connection;
            this.call = call;
        }

        @Override
        public void request(int messages) {
            connection.asked(call, messages);
            super.request(messages);
        }
    }
}
