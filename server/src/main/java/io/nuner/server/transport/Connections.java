package io.nuner.server.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All accepted sockets, and which of them speak gRPC. Any thread.
 *
 * <p>gRPC does not show its calls the socket they came by, so that is found by its two addresses.
 */
public final class Connections extends ServerTransportFilter {
    private final Map<Ends, Connection> sockets = new ConcurrentHashMap<>();
    private int open;

    /** Takes note of a new socket until it is closed. */
    Connection accepted(SocketChannel channel) {
        Ends ends = new Ends(channel.localAddress(), channel.remoteAddress());
        Connection connection = new Connection(channel, channel.remoteAddress());
        sockets.put(ends, connection);
        channel.closeFuture().addListener(closed -> sockets.remove(ends, connection));
        return connection;
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
    private record Ends(@Nullable SocketAddress local, @Nullable SocketAddress remote) {}
}
