package io.nuner.server.observe;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The operator's HTTP port: {@code /metrics} for Prometheus, {@code /health/live} and {@code /health/ready} for whoever
 * restarts and balances. Any thread.
 *
 * <p>One thread of its own listens and says how the server is, another one collects metrics, so neither serving nor a
 * health check waits for a reader of metrics. A connection is for one request and five seconds; when there are too many,
 * the oldest is closed, never the newest. There is neither encryption nor authentication.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final int MOST_LINE_BYTES = 1024;
    private static final int MOST_HEADER_BYTES = 8192;
    private static final int MOST_CHUNK_BYTES = 1024;

    private final EventLoopGroup loop;
    private final Collector collector;
    private final Channel listening;

    private MetricsEndpoint(EventLoopGroup loop, Collector collector, Channel listening) {
        this.loop = loop;
        this.collector = collector;
        this.listening = listening;
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot
     */
    public static MetricsEndpoint start(
            InetSocketAddress address, ThreadFactory threads, FaultLog faults, Sources sources) throws IOException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        Collector collector = new Collector(sources.metrics, threads, faults);
        OperatorConnections connections = new OperatorConnections();
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.opened(channel);
                        channel.pipeline()
                                .addLast(new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, MOST_CHUNK_BYTES))
                                .addLast(new OperatorPages(sources.health, collector, connections));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        MetricsEndpoint endpoint = new MetricsEndpoint(loop, collector, bound.channel());
        if (!bound.isSuccess()) {
            endpoint.close();
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        return endpoint;
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the loop ends by itself
    public void close() {
        listening.close().awaitUninterruptibly();
        collector.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /**
     * What it shows.
     *
     * @param metrics all series, in the text format of Prometheus
     * @param health whether calls are welcome
     */
    public record Sources(Supplier<String> metrics, HealthReporter health) {}
}
