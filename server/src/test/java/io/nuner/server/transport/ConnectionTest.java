package io.nuner.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.HealthStatusManager;
import io.nuner.server.attack.RawHttp2;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("AddressSelection") // every address is written in digits
class ConnectionTest {
    private final BlockingQueue<Connection> seen = new LinkedBlockingQueue<>();
    private final NettyTransport transport = new NettyTransport(
            TransportConfig.DEFAULT, 1 << 20, new CountingObserver(), refusal -> new StreamLine.Ending(13, "", ""));
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = transport
                .builder(new InetSocketAddress("127.0.0.1", 0))
                .addService(new HealthStatusManager().getHealthService())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        seen.add(call.getAttributes().get(Connection.KEY));
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        transport.close();
    }

    @Test
    void everyCallKnowsItsConnection() throws Exception {
        try (RawHttp2 one = RawHttp2.connect(server.getPort());
                RawHttp2 other = RawHttp2.connect(server.getPort())) {
            one.callWith("grpc.health.v1.Health/Check", new byte[0]);
            Connection first = seen.take();
            one.callWith("grpc.health.v1.Health/Check", new byte[0]);
            Connection second = seen.take();
            other.callWith("grpc.health.v1.Health/Check", new byte[0]);
            Connection third = seen.take();

            assertThat(second).isSameAs(first);
            assertThat(third).isNotSameAs(first);
            assertThat(first.peer()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        }
    }

    @Test
    void aCutConnectionIsClosedAtOnceAndOthersAreNot() throws Exception {
        try (RawHttp2 bad = RawHttp2.connect(server.getPort());
                RawHttp2 good = RawHttp2.connect(server.getPort())) {
            bad.call("grpc.health.v1.Health/Watch");
            bad.callWith("grpc.health.v1.Health/Check", new byte[0]);

            Connection cut = seen.take();
            cut.cut();
            cut.cut();

            assertThat(bad.goodbye()).isEmpty();
            int stream = good.callWith("grpc.health.v1.Health/Check", new byte[0]);
            assertThat(good.end(stream)).containsEntry("grpc-status", "0");
        }
    }

    @Test
    void onlyConnectionsThatSpeakGrpcAreCounted() throws Exception {
        try (RawHttp2 honest = RawHttp2.connect(server.getPort())) {
            int stream = honest.callWith("grpc.health.v1.Health/Check", new byte[0]);
            honest.end(stream);
            for (int i = 0; i < 20; i++) {
                RawHttp2.silent(InetAddress.getByName("127.0.0.1"), server.getPort())
                        .close();
            }

            transport.connections().awaitNone(Duration.ofMillis(100));

            assertThat(transport.connections().count()).isEqualTo(1);
        }
        transport.connections().awaitNone(Duration.ofSeconds(20));
        assertThat(transport.connections().count()).isZero();
    }
}
