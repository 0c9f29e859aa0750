package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A peer that is gone without a word is noticed: its machine lost its network, or its process stands still. With the settings
 * as they are served, so each takes about a minute.
 */
@Tag("long")
class HalfOpenPeerTest {
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final String SPACE = "nuner-peer";
    private static final String SERVER_ADDRESS = "10.203.17.1";
    /** Keepalive time and its timeout, and two seconds for a busy machine. */
    private static final long MOST_SECONDS = 60 + 10 + 2;

    private static final long LOOK_MILLIS = 100;

    @Test
    void aPeerWhoseProcessStandsStillIsCutOff() throws Exception {
        try (RunningServer running = RunningServer.start(CONFIG);
                Peer peer = Peer.watching(List.of(), "127.0.0.1", running)) {
            run("kill", "-STOP", Long.toString(peer.process.pid()));
            noticed("stopped", running);
        }
    }

    @Test
    void aPeerWithoutNetworkIsCutOff() throws Exception {
        assumeTrue(succeeds("ip", "netns", "add", SPACE), "network namespaces need root and iproute2");
        try {
            connectSpace();
            losesItsNetwork();
        } finally {
            run("ip", "netns", "del", SPACE);
        }
    }

    private static void losesItsNetwork() throws Exception {
        List<String> inSpace = List.of("ip", "netns", "exec", SPACE);
        try (RunningServer running = RunningServer.start(
                        CONFIG.toBuilder().host("0.0.0.0").port(0).build());
                Peer peer = Peer.watching(inSpace, SERVER_ADDRESS, running)) {
            run("ip", "netns", "exec", SPACE, "ip", "link", "set", "nuner-peer1", "down");
            noticed("without network", running);
            assertThat(peer.process.isAlive()).isTrue();
        }
    }

    private static void connectSpace() throws Exception {
        run("ip", "link", "add", "nuner-peer0", "type", "veth", "peer", "name", "nuner-peer1", "netns", SPACE);
        run("ip", "addr", "add", SERVER_ADDRESS + "/30", "dev", "nuner-peer0");
        run("ip", "link", "set", "nuner-peer0", "up");
        run("ip", "netns", "exec", SPACE, "ip", "addr", "add", "10.203.17.2/30", "dev", "nuner-peer1");
        run("ip", "netns", "exec", SPACE, "ip", "link", "set", "nuner-peer1", "up");
    }

    private static double connections(RunningServer running) {
        try {
            return Scrape.of(running).sum("nuner_connections");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void noticed(String how, RunningServer running) throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        CountDownLatch never = new CountDownLatch(1);
        while (connections(running) > 0 && System.nanoTime() - deadline < 0) {
            assertThat(never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("row 31: a peer %s is cut off after %.1f s%n", how, seconds);
        assertThat(connections(running)).isZero();
    }

    private static void run(String... command) throws Exception {
        assertThat(succeeds(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A client in a process of its own.
     *
     * @param process ended with the test
     */
    private record Peer(Process process) implements AutoCloseable {
        /** Starts it and waits until the server has answered it; the prefix says where it runs. */
        static Peer watching(List<String> prefix, String host, RunningServer running) throws IOException {
            List<String> words = new ArrayList<>(prefix);
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            words.addAll(List.of(HeldCall.class.getName(), host, Integer.toString(running.server.port())));
            ProcessBuilder command = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
            command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            Peer peer = new Peer(command.start());
            BufferedReader out = peer.process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("SERVING");
            assertThat(connections(running)).isEqualTo(1);
            return peer;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
