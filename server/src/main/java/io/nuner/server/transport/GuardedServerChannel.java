package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;

/** The listening socket: sees each accepted one before gRPC does. On its event loop. */
final class GuardedServerChannel extends NioServerSocketChannel {
    private final Connections connections;

    GuardedServerChannel(Connections connections) {
        this.connections = connections;
    }

    /** Adds to what it accepted before in this round; whoever is not let in is closed at once. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        accepted.subList(before, accepted.size()).removeIf(socket -> !isLetIn((NioSocketChannel) socket));
        return count;
    }

    private boolean isLetIn(NioSocketChannel socket) {
        boolean letIn = connections.accept(socket);
        if (!letIn) {
            socket.config().setSoLinger(0);
            socket.unsafe().closeForcibly();
        }
        return letIn;
    }
}
