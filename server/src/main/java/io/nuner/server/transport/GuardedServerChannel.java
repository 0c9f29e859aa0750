package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;

/** The listening socket: sees each accepted one before gRPC does. On its event loop. */
final class GuardedServerChannel extends NioServerSocketChannel {
    private final Connections connections;

    GuardedServerChannel(Connections connections) {
        this.connections = connections;
    }

    /** Adds to what it accepted before in this round. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        accepted.subList(before, accepted.size()).forEach(socket -> connections.accepted((SocketChannel) socket));
        return count;
    }
}
