package io.nuner.server.transport;

import io.grpc.Attributes;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.nuner.server.transport.TransportObserver.Cut;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One accepted socket. Any thread. */
public final class Connection {
    /** Where a call's attributes hold its connection. */
    public static final Attributes.Key<Connection> KEY = Attributes.Key.create("nuner-connection");

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final Peer peer;
    private final LiveCalls calls;
    private final InboundGate gate;

    Connection(SocketChannel channel, Peer peer, LiveCalls calls, InboundGate gate, TransportConfig.Silence silence) {
        this.channel = channel;
        this.peer = peer;
        this.calls = calls;
        this.gate = gate;
        remote = channel.remoteAddress();
        SilenceWatch watch = new SilenceWatch(silence, () -> gate.cut(Cut.SILENT));
        channel.pipeline().addLast(watch, gate, new OutboundGate(gate));
    }

    /** The address at the other end; of a proxy if there is one. */
    public InetAddress peer() {
        return remote.getAddress();
    }

    /** False once nothing can be sent any more. */
    public boolean isOpen() {
        return channel.isActive();
    }

    /** Closes the socket at once, with whatever was to be sent; calls on it end as cancelled. Idempotent. */
    public void cut() {
        channel.eventLoop().execute(() -> gate.cut(Cut.WANTED));
    }

    /** The call on that stream; null if it has ended. */
    @Nullable
    UnreadCall call(int stream) {
        return calls.get(stream);
    }

    /** The service asks for messages of a stream. */
    void asked(UnreadCall call, int messages) {
        calls.asked(call, messages, System.nanoTime());
    }

    /** Ends a call, unless it has ended. */
    void end(UnreadCall call, StreamLine.Ending ending) {
        channel.eventLoop().execute(() -> gate.end(call, ending));
    }

    /** Whether the client was told to go. */
    boolean isGoing() {
        return calls.isGoing();
    }

    /** Lets the client send more on all streams together than on one, so that a stream that is not read does not stop the others. */
    void widen(int bytes) {
        channel.eventLoop().execute(() -> {
            @Nullable Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
            if (handler != null) {
                widen(handler.connection(), bytes);
            }
        });
    }

    private static void widen(Http2Connection http2, int bytes) {
        try {
            http2.local().flowController().incrementWindowSize(http2.connectionStream(), bytes);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // it is far from the largest window
        }
    }

    /** All that the call on that stream brings has been read. */
    void read(int stream) {
        calls.read(stream);
    }

    /** Whether it is that peer's. */
    boolean isOf(Peer other) {
        return peer == other;
    }

    /** What its calls hold that are not read yet. */
    long unreadBytes() {
        return calls.heldBytes();
    }

    /** What all calls of its peer hold. */
    long unreadBytesOfPeer() {
        return peer.unreadBytes();
    }

    /** Soon waits for nothing but answers to what was asked in full. */
    void drain() {
        channel.eventLoop().execute(gate::drain);
    }

    /** Refuses calls that are not read yet until the budget is kept. */
    void shed() {
        channel.eventLoop().execute(gate::shed);
    }
}
