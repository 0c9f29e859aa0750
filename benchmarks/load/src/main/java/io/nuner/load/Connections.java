package io.nuner.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.ProtoUtils;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.NerServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections to one server, used in turn. Calls are sent once and never retried. One thread at a time sends; answers come
 * on the threads of the transport.
 */
public final class Connections implements AutoCloseable {
    /** Connections at most. */
    public static final int MAX = 1024;

    private static final int MAX_ANSWER_BYTES = 64 << 20;

    /** Bytes go out as they are, so that broken ones can, too. */
    private static final MethodDescriptor<byte[], ExtractResponse> EXTRACT =
            MethodDescriptor.<byte[], ExtractResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(NerServiceGrpc.getExtractMethod().getFullMethodName())
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(ProtoUtils.marshaller(ExtractResponse.getDefaultInstance()))
                    .build();

    private final List<ManagedChannel> channels = new ArrayList<>();
    private int next;

    private Connections() {}

    /** Connections to a target such as {@code localhost:8001}; none is made before it is needed. */
    public static Connections open(String target, boolean tls, int count) {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException("connections must be 1 to " + MAX + ", but was " + count);
        }
        ChannelCredentials credentials = tls ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
        Connections connections = new Connections();
        for (int i = 0; i < count; i++) {
            connections.channels.add(Grpc.newChannelBuilder(target, credentials)
                    .directExecutor() // the time of an answer is the time it arrives, not that of a free thread
                    .disableRetry()
                    .maxInboundMessageSize(MAX_ANSWER_BYTES)
                    .build());
        }
        return connections;
    }

    /**
     * What the server says of itself. Makes every connection, so that no measured call pays for one.
     *
     * @throws io.grpc.StatusRuntimeException if the server cannot be reached in time
     */
    public GetServerInfoResponse serverInfo(Duration timeout) {
        GetServerInfoResponse info = GetServerInfoResponse.getDefaultInstance();
        for (Channel channel : channels) {
            info = NerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .getServerInfo(GetServerInfoRequest.getDefaultInstance());
        }
        return info;
    }

    /** A call on the next connection, not yet started. */
    ClientCall<byte[], ExtractResponse> newCall(long deadlineNanos) {
        Channel channel = channels.get(next);
        next = (next + 1) % channels.size();
        return channel.newCall(
                EXTRACT, CallOptions.DEFAULT.withDeadlineAfter(Math.max(1, deadlineNanos), TimeUnit.NANOSECONDS));
    }

    /** Cuts all connections. */
    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    /** Requests that are bytes already. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
