package io.nuner.server.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All accepted sockets, and which of them speak gRPC. Any thread.
 *
 * <p>gRPC does not show its calls the socket they came by, so that is found by its two addresses.
 */
public final class Connections extends ServerTransportFilter {
    private final Map<Ends, Connection> sockets = new ConcurrentHashMap<>();
    private final TransportConfig config;
    private final int maxMessageBytes;
    private final TransportObserver observer;
    private final Function<EarlyRefusal, StreamLine.Ending> endings;
    private final Peers peers;
    private final Budget budget;
    private int open;

    /**
     * No sockets yet.
     *
     * @param endings tells how a call ends that is refused
     */
    Connections(
            TransportConfig config,
            int maxMessageBytes,
            TransportObserver observer,
            Function<EarlyRefusal, StreamLine.Ending> endings) {
        this.config = config;
        this.maxMessageBytes = maxMessageBytes;
        this.observer = observer;
        this.endings = endings;
        peers = new Peers(config.sockets(), observer);
        budget = new Budget(config.unread(), sockets.values());
    }

    /** Lets a new socket in if there is room for it; takes note of it until it is closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the listener that matters
    boolean accept(SocketChannel channel) {
        @Nullable InetSocketAddress remote = channel.remoteAddress();
        if (remote == null) {
            return false; // closed already
        }
        InetAddress address = remote.getAddress();
        Optional<Peer> admitted = peers.admit(address);
        admitted.ifPresent(peer -> {
            Ends ends = new Ends(channel.localAddress(), remote);
            Connection connection = connection(channel, peer);
            sockets.put(ends, connection);
            channel.closeFuture().addListener(closed -> {
                sockets.remove(ends, connection);
                peers.left(address, peer);
            });
        });
        return admitted.isPresent();
    }

    private Connection connection(SocketChannel channel, Peer peer) {
        LiveCalls calls = new LiveCalls(peer, budget);
        InboundGate gate = new InboundGate(calls, budget, config, maxMessageBytes, observer, endings);
        return new Connection(channel, peer, calls, gate, config.times().silence());
    }

    /** The server takes no calls any more: soon it waits for nothing but answers to what was asked in full. */
    public void drain() {
        sockets.values().forEach(Connection::drain);
    }

    /** What calls hold that are not read yet. */
    public long unreadBytes() {
        return budget.heldBytes();
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        Ends ends = new Ends(
                attributes.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR), attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        @Nullable Connection connection = sockets.get(ends);
        if (connection == null) {
            throw new IllegalStateException("the socket is closed already");
        }
        count(1);
        connection.widen(NettyTransport.CONNECTION_WINDOW_BYTES - NettyTransport.STREAM_WINDOW_BYTES);
        return attributes.toBuilder().set(Connection.KEY, connection).build();
    }

    /** Comes for every socket; for those that never were ready, without attributes. */
    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
        if (attributes != null && attributes.get(Connection.KEY) != null) {
            count(-1);
        }
    }

    private synchronized void count(int more) {
        open += more;
        notifyAll();
    }

    /** Connections that speak gRPC and are open now. */
    public synchronized int count() {
        return open;
    }

    /** Waits until no such connection is open, or the time is over. */
    public synchronized void awaitNone(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (open > 0 && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    /** Both addresses of a socket: together they are given to one socket only. */
    private record Ends(
            @Nullable SocketAddress local, @Nullable SocketAddress remote) {}
}
