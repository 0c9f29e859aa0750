package io.nuner.server.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One call that has several messages, as its connection sees it. Any thread. */
public final class StreamLine {
    static final Context.Key<StreamLine> CURRENT = Context.key("nuner-stream-line");

    private final Connection connection;
    private final UnreadCall call;

    StreamLine(Connection connection, UnreadCall call) {
        this.connection = connection;
        this.call = call;
    }

    /** That of the current call; null if its connection is not known. */
    public static @Nullable StreamLine ofCurrentCall() {
        return CURRENT.get();
    }

    /** Tells a listener of what happens from now on; called once, before anything is sent. */
    public void listen(Listener listener) {
        call.listen(listener);
        if (connection.isGoing()) {
            listener.going();
        }
    }

    /** Ends the call for its client and for gRPC, past all messages that have not left yet. Does nothing if it has ended. */
    public void end(Ending ending) {
        connection.end(call, ending);
    }

    /** Hears of one call. On the event loop of its connection, so it must not block; must not throw. */
    public interface Listener {
        /**
         * A frame of a message has left for the socket.
         *
         * @param bytes of all frames of messages so far
         */
        void sent(long bytes);

        /** The connection is told to go, because it is old or the server stops. May come more than once. */
        void going();
    }

    /**
     * How a call ends. Immutable.
     *
     * @param grpcStatus number of the status
     * @param message in printable ASCII without percent signs
     * @param details {@code grpc-status-details-bin} in base64; empty for none
     */
    public record Ending(int grpcStatus, String message, String details) {
        private static final Metadata.Key<byte[]> DETAILS =
                Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

        /** The end that gRPC would make of this. */
        public static Ending of(StatusRuntimeException refusal) {
            Status status = refusal.getStatus();
            @Nullable Metadata trailers = refusal.getTrailers();
            byte @Nullable [] details = trailers == null ? null : trailers.get(DETAILS);
            return new Ending(
                    status.getCode().value(),
                    String.valueOf(status.getDescription()),
                    details == null ? "" : Base64.getEncoder().withoutPadding().encodeToString(details));
        }
    }
}
