package io.nuner.server;

import io.grpc.DecompressorRegistry;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.nuner.server.rpc.LazyGzip;
import io.nuner.server.rpc.MetadataLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Sets up the HTTP/2 side: bounded in every direction that gRPC leaves open by default. */
final class NettyTransport {
    /** Beyond this the connection is dropped, so it lies far above the limit that is answered properly. */
    static final int HARD_METADATA_BYTES = 64 * 1024;

    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int HALF_MINUTE_SECONDS = 30;

    private NettyTransport() {}

    /**
     * A server without services or executors.
     *
     * @throws IOException if the host is unknown
     */
    static NettyServerBuilder builder(ServerConfig config) throws IOException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new IOException("host " + config.host() + " is unknown");
        }
        TransportConfig transport = config.transport();
        return NettyServerBuilder.forAddress(address)
                .maxInboundMessageSize(config.requests().maxMessageBytes())
                .maxInboundMetadataSize(HARD_METADATA_BYTES)
                .intercept(new MetadataLimit(transport.metadataBytes()))
                .maxConcurrentCallsPerConnection(transport.callsPerConnection())
                .flowControlWindow(STREAM_WINDOW_BYTES)
                .maxRstFramesPerWindow(transport.resetsPerHalfMinute(), HALF_MINUTE_SECONDS)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .permitKeepAliveTime(30, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(transport.maxIdle().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(transport.maxAge().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(60, TimeUnit.SECONDS)
                .decompressorRegistry(DecompressorRegistry.getDefaultInstance().with(new LazyGzip(), true));
    }
}
