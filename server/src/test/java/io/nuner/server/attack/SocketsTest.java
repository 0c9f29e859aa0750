package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.Waiting;
import io.nuner.server.config.DrainConfig;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.transport.AddressRange;
import io.nuner.server.transport.TransportConfig;
import io.nuner.server.transport.TransportConfig.Silence;
import io.nuner.server.transport.TransportConfig.Sockets;
import io.nuner.server.transport.TransportConfig.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections: how many there may be, and for how long without a handshake. */
@SuppressWarnings("AddressSelection") // every address is written in digits
class SocketsTest {
    private static final String INFO = "nuner.v1.NerService/GetServerInfo";

    private static final Silence SILENCE = TransportConfig.DEFAULT.times().silence();

    private final List<RawHttp2> opened = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RawHttp2 client : opened) {
            client.close();
        }
    }

    @Test
    void aPeerHasABoundAndOthersAreNotHarmed() throws Exception {
        try (RunningServer running = RunningServer.start(with(new Sockets(100, 5, List.of())))) {
            int port = running.server.port();
            for (int i = 0; i < 5; i++) {
                assertThat(isServed(open("127.0.0.2", port))).isTrue();
            }

            assertThat(isServed(open("127.0.0.2", port))).isFalse();
            assertThat(isServed(open("127.0.0.3", port))).isTrue();
            assertThat(isServed(opened.get(0)))
                    .as("the newest is closed, not the oldest")
                    .isTrue();
            opened.get(1).close();
            Waiting.until(() -> isServed(open("127.0.0.2", port)));
            assertThat(Scrape.of(running).value("nuner_connections_cut_total{reason=\"too_many_of_peer\"}"))
                    .isPositive();
            close();
        }
    }

    @Test
    void allTogetherHaveABound() throws Exception {
        try (RunningServer running = RunningServer.start(with(new Sockets(6, 5, List.of())))) {
            int port = running.server.port();
            for (int i = 0; i < 6; i++) {
                assertThat(isServed(open("127.0.0." + (2 + i), port))).isTrue();
            }

            assertThat(isServed(open("127.0.0.9", port))).isFalse();
            assertThat(Scrape.of(running).value("nuner_connections_cut_total{reason=\"too_many\"}"))
                    .isEqualTo(1);
            close();
        }
    }

    @Test
    void aTrustedProxyHasNoBoundOfItsOwn() throws Exception {
        Sockets sockets = new Sockets(100, 2, List.of(AddressRange.parse("127.0.0.4/31")));
        try (RunningServer running = RunningServer.start(with(sockets))) {
            for (int i = 0; i < 8; i++) {
                assertThat(isServed(open("127.0.0." + (4 + i % 2), running.server.port())))
                        .isTrue();
            }
            close();
        }
    }

    /** What health checks of load balancers and port scans do. */
    @Test
    void connectionsThatNeverSpokeGrpcDoNotShortenTheNotice() throws Exception {
        ServerConfig config = with(new Sockets(100, 100, List.of())).toBuilder()
                .drain(new DrainConfig(Duration.ofMillis(400), Duration.ofSeconds(10)))
                .build();
        RunningServer running = RunningServer.start(config);
        running.stub().extract(RunningServer.request("one", "city")); // its connection is an honest one
        for (String begin :
                List.of("", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000", "PRI * HT")) {
            RawHttp2 scan = RawHttp2.silent(InetAddress.getByName("127.0.0.1"), running.server.port());
            scan.send(begin.getBytes(StandardCharsets.ISO_8859_1));
            scan.close();
        }
        Waiting.until(() -> connections(running) == 1);

        long start = System.nanoTime();
        running.server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "half a preface", "no confirmation", "half a frame", "half a header block"})
    void whoeverStopsHalfwayIsClosed(String how) throws Exception {
        Times times = new Times(
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                SILENCE,
                Duration.ofMinutes(15),
                Duration.ofMinutes(30));
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .transport(TransportConfig.DEFAULT.withTimes(times))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            RawHttp2 patient = open("127.0.0.1", running.server.port());
            RawHttp2 halfway = RawHttp2.silent(InetAddress.getByName("127.0.0.1"), running.server.port());
            opened.add(halfway);
            stopHalfway(halfway, how);

            assertThat(halfway.goodbye()).isIn("", "0 ");
            assertThat(isServed(patient)).as("idle is not halfway").isTrue();
            close();
        }
    }

    private static void stopHalfway(RawHttp2 client, String how) throws IOException {
        switch (how) {
            case "nothing" -> client.send(new byte[0]);
            case "half a preface" -> client.send("PRI * HTTP".getBytes(StandardCharsets.US_ASCII));
            case "no confirmation" -> {
                client.preface();
                client.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]);
            }
            default -> {
                client.preface();
                client.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]);
                client.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]);
                if (how.equals("half a frame")) {
                    client.send(new byte[] {0, 1, 0, RawHttp2.DATA, 0});
                } else {
                    client.frame(RawHttp2.HEADERS, 0, 1, new byte[0]);
                }
            }
        }
    }

    /** Pings without calls, as clients behind a NAT send them; the bound is told a little stricter than it is kept. */
    @Test
    void clientsMayPingAsOftenAsTheyAreTold() throws Exception {
        Times times = new Times(
                Duration.ofSeconds(10), Duration.ofMillis(50), SILENCE, Duration.ofMinutes(15), Duration.ofMinutes(30));
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .transport(TransportConfig.DEFAULT.withTimes(times))
                .build();
        try (RunningServer running = RunningServer.start(config)) {
            RawHttp2 client = Objects.requireNonNull(open("127.0.0.1", running.server.port()));
            for (int ping = 0; ping < 10; ping++) {
                long sent = System.nanoTime();
                client.frame(RawHttp2.PING, 0, 0, new byte[8]);
                Waiting.until(() -> System.nanoTime() - sent > 55_000_000);
            }

            assertThat(isServed(client)).isTrue();
            byte[] ping = RawHttp2.frameBytes(RawHttp2.PING, 0, 0, new byte[8]);
            byte[] pings = new byte[10 * ping.length];
            for (int i = 0; i < 10; i++) {
                System.arraycopy(ping, 0, pings, i * ping.length, ping.length);
            }
            client.send(pings);
            assertThat(client.goodbye()).isEqualTo("11 too_many_pings");
            close();
        }
        assertThat(TransportConfig.DEFAULT.times().keepaliveMin()).isEqualTo(Duration.ofSeconds(10));
    }

    private @Nullable RawHttp2 open(String from, int port) {
        try {
            RawHttp2 client = RawHttp2.connect(from, port);
            opened.add(client);
            return client;
        } catch (IOException e) {
            return null; // it was closed before it could say anything
        }
    }

    private static boolean isServed(@Nullable RawHttp2 client) {
        if (client == null) {
            return false;
        }
        try {
            return "0".equals(client.end(client.callWith(INFO, new byte[0])).get("grpc-status"));
        } catch (IOException e) {
            return false;
        }
    }

    private static double connections(RunningServer running) {
        try {
            return Scrape.of(running).value("nuner_connections");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ServerConfig with(Sockets sockets) {
        return RunningServer.CONFIG.toBuilder()
                .metrics(MetricsConfig.on(0))
                .transport(TransportConfig.DEFAULT.withSockets(sockets))
                .build();
    }

    @Test
    void addressesAreReadAsNumbersOnly() {
        assertThat(AddressRange.parse("10.1.2.3").contains(address("10.1.2.3"))).isTrue();
        assertThat(AddressRange.parse("10.1.2.3").contains(address("10.1.2.4"))).isFalse();
        assertThat(AddressRange.parse("10.0.0.0/9").contains(address("10.127.2.4")))
                .isTrue();
        assertThat(AddressRange.parse("10.0.0.0/9").contains(address("10.128.2.4")))
                .isFalse();
        assertThat(AddressRange.parse("fd00::/8").contains(address("fd12::1"))).isTrue();
        assertThat(AddressRange.parse("0.0.0.0/0").contains(address("fd12::1"))).isFalse();
        for (String wrong : List.of("", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "a.b", "fd00::/129")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> AddressRange.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("an address or ADDRESS/BITS is needed");
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
