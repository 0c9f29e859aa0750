package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The long forms of the attacks; prints what they do to the server and to an honest caller. */
@Tag("long")
class AttackFiguresTest {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final int FRAMES = 100_000;
    private static final int IDLE = 1200;
    private static final Duration PHASE = Duration.ofSeconds(12);

    private static AttackedServer server;

    @BeforeAll
    static void start() throws Exception {
        server = AttackedServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        pause(60);
        print("after 60 s of quiet: resident " + server.residentMegabytes() + " MB");
        server.close();
    }

    private static void print(String line) {
        System.out.println("[figures] " + line);
    }

    private static void pause(int seconds) throws InterruptedException {
        new java.util.concurrent.CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    }

    @Test
    void halfSentMessages() throws Exception {
        try (SteadyCaller probe = new SteadyCaller(server.port())) {
            try (Attackers attackers = Attackers.start("half-sent", server.port())) {
                probe.run(PHASE); // warms up
                printHalfSent("before", probe.run(PHASE));
                attackers.attack();
                printHalfSent("during", probe.run(PHASE));
                print(attackers.result());
            }
            pause(2);
            printHalfSent("after", probe.run(PHASE));
        }
    }

    private static void printHalfSent(String when, SteadyCaller.Result seen) throws IOException {
        print("half-sent messages, " + when + ": " + seen + ", resident " + server.residentMegabytes() + " MB");
    }

    @ParameterizedTest
    @MethodSource("io.nuner.server.attack.NoiseTest#floods")
    void floods(NoiseTest.Flood flood) throws Exception {
        double before = server.cpuSeconds();
        int connections = 0;
        int sent = 0;
        byte[] chunk = flood.times(100);
        while (sent < FRAMES) {
            connections++;
            try (RawHttp2 client = RawHttp2.connect("127.0.0.2", server.port())) {
                for (int i = 0; i < flood.calls(); i++) {
                    client.call(EXTRACT);
                }
                client.socket().setSoTimeout(1);
                while (sent < FRAMES) {
                    client.send(chunk);
                    sent += 100;
                    drain(client);
                }
            } catch (IOException e) {
                assertThat(sent).isPositive(); // cut off
            }
        }
        print(String.format(
                Locale.ROOT,
                "flood of %s: %d frames over %d connections, %.2f CPU-s",
                flood,
                sent,
                connections,
                server.cpuSeconds() - before));
    }

    /** Takes what is there; fails once the connection is closed. */
    private static void drain(RawHttp2 client) throws IOException {
        if (client.socket().getInputStream().available() > 0) {
            byte[] some = new byte[1 << 16];
            try {
                if (client.socket().getInputStream().read(some) < 0) {
                    throw new IOException("closed");
                }
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @Test
    void idleConnections() throws Exception {
        List<RawHttp2> idle = new ArrayList<>();
        try (SteadyCaller probe = new SteadyCaller(server.port())) {
            int refused = 0;
            for (int i = 0; i < IDLE; i++) {
                try {
                    RawHttp2 client =
                            RawHttp2.silent(java.net.InetAddress.getByName("127.0.0." + (2 + i % 4)), server.port());
                    client.preface();
                    client.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]);
                    idle.add(client);
                } catch (IOException e) {
                    refused++;
                }
            }
            SteadyCaller.Result seen = probe.run(PHASE.plusSeconds(2));
            int open = 0;
            for (RawHttp2 client : idle) {
                open += isOpen(client) ? 1 : 0;
                client.close();
            }
            print(IDLE + " connections of 4 addresses that send settings only: " + refused + " refused at once, " + open
                    + " open after " + PHASE.plusSeconds(2).toSeconds() + " s; probe " + seen);
        }
    }

    private static boolean isOpen(RawHttp2 client) {
        try {
            client.socket().setSoTimeout(1);
            while (client.socket().getInputStream().read() >= 0) {
                assertThat(client).isNotNull();
            }
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void malformedCalls() throws Exception {
        try (Attackers attackers = Attackers.start("malformed", server.port());
                SteadyCaller probe = new SteadyCaller(server.port())) {
            probe.run(PHASE); // warms up
            print("malformed calls, before: " + probe.run(PHASE));
            long logBefore = server.logBytes();
            long residentBefore = server.residentMegabytes();
            double cpuBefore = server.cpuSeconds();
            attackers.attack();
            print("malformed calls, during: " + probe.run(PHASE));
            print(String.format(
                    Locale.ROOT,
                    "%s; log +%d bytes, resident %d -> %d MB, %.1f CPU-s",
                    attackers.result(),
                    server.logBytes() - logBefore,
                    residentBefore,
                    server.residentMegabytes(),
                    server.cpuSeconds() - cpuBefore));
        }
    }
}
