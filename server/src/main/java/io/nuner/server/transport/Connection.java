package io.nuner.server.transport;

import io.grpc.Attributes;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.nuner.server.transport.TransportObserver.Cut;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** One accepted socket. Any thread. */
public final class Connection {
    /** Where a call's attributes hold its connection. */
    public static final Attributes.Key<Connection> KEY = Attributes.Key.create("nuner-connection");

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final Peer peer;
    private final LiveCalls calls;
    private final InboundGate gate;

    Connection(SocketChannel channel, Peer peer, Budget budget, TransportConfig config, TransportObserver observer) {
        this.channel = channel;
        this.peer = peer;
        remote = channel.remoteAddress();
        calls = new LiveCalls(peer, budget);
        gate = new InboundGate(calls, budget, config, observer);
        SilenceWatch watch = new SilenceWatch(config.times().silence(), () -> gate.cut(Cut.SILENT));
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

    /** The message of the call on that stream has been read. */
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
