package io.nuner.server.observe;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The open connections of the operator's port: few at a time, each for seconds. On their event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is written: if it fails, the connection is over
final class OperatorConnections {
    private static final int MOST = 64;
    private static final int MOST_WITH_METRICS = 8;
    private static final int SECONDS_FOR_ONE = 5;

    private final Set<Channel> open = new LinkedHashSet<>(); // the oldest first
    private final Set<Channel> withMetrics = new LinkedHashSet<>();

    /** Takes a new connection in; the oldest makes room for it. */
    void opened(SocketChannel channel) {
        add(channel, open, MOST);
        Future<?> end = channel.eventLoop().schedule(() -> drop(channel), SECONDS_FOR_ONE, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }

    /** Notes that a connection asks for metrics, which take more memory; the oldest such connection makes room for it. */
    void asksForMetrics(Channel channel) {
        add(channel, withMetrics, MOST_WITH_METRICS);
    }

    private static void add(Channel channel, Set<Channel> set, int most) {
        if (set.size() >= most) {
            Iterator<Channel> oldest = set.iterator();
            Channel dropped = oldest.next();
            oldest.remove();
            drop(dropped);
        }
        set.add(channel);
        channel.closeFuture().addListener(closed -> set.remove(channel));
    }

    private static void drop(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0); // the kernel keeps nothing for it either
            channel.close();
        }
    }
}
