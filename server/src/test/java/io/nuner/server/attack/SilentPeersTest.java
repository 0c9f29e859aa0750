package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.TransportConfig;
import io.nuner.server.transport.TransportConfig.Silence;
import io.nuner.server.transport.TransportConfig.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Peers from which nothing comes any more, not even answers to pings, as if their machine had lost its network. */
class SilentPeersTest {
    private static final String WATCH = "grpc.health.v1.Health/Watch";
    private static final byte[] OF_THE_SERVER = {};
    private static final Duration UNTIL_PING = Duration.ofMillis(500);
    private static final Duration UNTIL_CUT = Duration.ofMillis(500);

    private static ServerConfig config() {
        Times times = TransportConfig.DEFAULT.times();
        return RunningServer.CONFIG.toBuilder()
                .metrics(MetricsConfig.on(0))
                .transport(TransportConfig.DEFAULT.withTimes(new Times(
                        times.handshake(),
                        times.keepaliveMin(),
                        new Silence(UNTIL_PING, UNTIL_CUT),
                        times.maxIdle(),
                        times.maxAge())))
                .build();
    }

    /** Two that are silent, and two that have nothing to say but answer pings, one with an open call and one without. */
    @Test
    void silentPeersAreCutOffAndIdleOnesAreNot() throws Exception {
        try (RunningServer running = RunningServer.start(config());
                RawHttp2 silent = RawHttp2.connect(running.server.port());
                RawHttp2 silentInCall = RawHttp2.connect(running.server.port())) {
            ManagedChannel idle = channel(running);
            ManagedChannel idleInCall = channel(running);
            Iterator<HealthCheckResponse> watched =
                    HealthGrpc.newBlockingStub(idleInCall).watch(HealthCheckRequest.getDefaultInstance());
            assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            assertThat(status(idle)).isEqualTo(ServingStatus.SERVING);
            silentInCall.callWith(WATCH, OF_THE_SERVER);
            Waiting.until(() -> value(running, "nuner_connections") == 4);
            long start = System.nanoTime();

            Waiting.until(() -> value(running, "nuner_connections") == 2);

            Waiting.until(() -> System.nanoTime() - start > 5 * UNTIL_PING.toNanos());
            assertThat(value(running, "nuner_connections")).isEqualTo(2);
            assertThat(value(running, "nuner_connections_cut_total{reason=\"silent\"}"))
                    .isEqualTo(2);
            assertThat(idle.getState(false)).isEqualTo(ConnectivityState.READY);
            assertThat(idleInCall.getState(false)).isEqualTo(ConnectivityState.READY);
            assertThat(silentInCall.goodbye()).isNotNull();
            assertThat(silent.goodbye()).isNotNull();
            idle.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
            idleInCall.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    private static ManagedChannel channel(RunningServer running) {
        return NettyChannelBuilder.forAddress("127.0.0.1", running.server.port())
                .usePlaintext()
                .build();
    }

    private static ServingStatus status(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static double value(RunningServer running, String series) {
        try {
            return Scrape.of(running).value(series);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
