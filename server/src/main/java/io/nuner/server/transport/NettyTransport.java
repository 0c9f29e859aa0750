package io.nuner.server.transport;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The HTTP/2 side of the server: bounded in every direction that gRPC leaves open by default. One thread at a time.
 *
 * <p>It has event loops of its own, which end when it is closed.
 */
public final class NettyTransport implements AutoCloseable {
    /** Beyond this the connection is dropped, so it lies far above the limit that is answered properly. */
    static final int HARD_METADATA_BYTES = 64 * 1024;

    /** What a client may send on one stream before the service reads it. */
    static final int STREAM_WINDOW_BYTES = 1 << 20;

    /** The same for all streams of a connection: some that are not read leave room for others. */
    static final int CONNECTION_WINDOW_BYTES = 8 << 20;

    private static final int QUIET_MILLIS = 100;
    private static final int LONGEST_STOP_MILLIS = 2000;

    private final TransportConfig config;
    private final int maxMessageBytes;
    private final Connections connections;
    private final EventLoopGroup acceptor = eventLoops(1, "accept");
    private final EventLoopGroup workers = eventLoops(Runtime.getRuntime().availableProcessors(), "network");

    /**
     * Opens the event loops, whose threads start when they are needed.
     *
     * @param maxMessageBytes bytes of one message
     * @param endings tells how a call ends that the transport refuses; any thread, must neither block nor throw
     */
    public NettyTransport(
            TransportConfig config,
            int maxMessageBytes,
            TransportObserver observer,
            Function<EarlyRefusal, StreamLine.Ending> endings) {
        this.config = config;
        this.maxMessageBytes = maxMessageBytes;
        connections = new Connections(config, maxMessageBytes, observer, endings);
    }

    private static EventLoopGroup eventLoops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /**
     * A server without services or executors.
     *
     * @param address where it listens; resolved
     */
    public NettyServerBuilder builder(InetSocketAddress address) {
        TransportConfig.Times times = config.times();
        return NettyServerBuilder.forAddress(address)
                .channelFactory(() -> new GuardedServerChannel(connections))
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(workers)
                .addTransportFilter(connections)
                .maxInboundMessageSize(
                        maxMessageBytes) // after decompression; before that the connections look themselves
                .maxInboundMetadataSize(HARD_METADATA_BYTES)
                .intercept(new Intake())
                .maxConcurrentCallsPerConnection(config.calls().perConnection())
                .flowControlWindow(STREAM_WINDOW_BYTES)
                .handshakeTimeout(times.handshake().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(Long.MAX_VALUE, TimeUnit.NANOSECONDS) // SilenceWatch does it
                .permitKeepAliveTime(forgiving(times.keepaliveMin()), TimeUnit.NANOSECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(times.maxIdle().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(times.maxAge().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(60, TimeUnit.SECONDS);
    }

    /** A tenth less than is told to clients, because their clocks and the network are not exact. */
    private static long forgiving(Duration told) {
        return told.toNanos() / 10 * 9;
    }

    /** The sockets that it accepted. */
    public Connections connections() {
        return connections;
    }

    /** Ends the event loops, after the server has ended. Idempotent; does not wait. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // they end by themselves
    public void close() {
        acceptor.shutdownGracefully(QUIET_MILLIS, LONGEST_STOP_MILLIS, TimeUnit.MILLISECONDS);
        workers.shutdownGracefully(QUIET_MILLIS, LONGEST_STOP_MILLIS, TimeUnit.MILLISECONDS);
    }
}
