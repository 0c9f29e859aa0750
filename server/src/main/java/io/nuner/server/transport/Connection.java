package io.nuner.server.transport;

import io.grpc.Attributes;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One accepted socket. Any thread. */
public final class Connection {
    /** Where a call's attributes hold its connection. */
    public static final Attributes.Key<Connection> KEY = Attributes.Key.create("nuner-connection");

    private final Channel channel;
    private final InetSocketAddress remote;

    Connection(Channel channel, InetSocketAddress remote) {
        this.channel = channel;
        this.remote = remote;
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
        channel.eventLoop().execute(this::close);
    }

    /** Past gRPC's handlers, which would wait for streams to end, and past the kernel's buffers. On the event loop. */
    private void close() {
        @Nullable ChannelHandlerContext first = channel.pipeline().firstContext();
        if (channel.isOpen() && first != null) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            first.close();
        }
    }
}
