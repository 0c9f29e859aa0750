package io.nuner.server.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.RunningServer;
import io.nuner.server.Scrape;
import io.nuner.server.config.MetricsConfig;
import io.nuner.server.config.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Readers of metrics and health that do not behave. */
@SuppressWarnings("AddressSelection") // every address is written in digits
class OperatorPortTest {
    private static final ServerConfig CONFIG =
            RunningServer.CONFIG.toBuilder().metrics(MetricsConfig.on(0)).build();
    private static final long BAR_NANOS = 100_000_000;

    private static RunningServer running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningServer.start(CONFIG);
        Scrape.get(running, "/health/live");
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void silentReadersDoNotDelayHealth() throws Exception {
        List<Socket> silent = new ArrayList<>();
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            silent.add(send(i % 2 == 0 ? "" : "GET /metrics HTTP/1.1\r\nX-Slow: "));
            if (i % 10 == 0) {
                took.add(healthNanos());
            }
        }
        closeAll(silent);

        assertThat(took.stream().sorted().toList().get(took.size() / 2)).isLessThan(BAR_NANOS);
        assertThat(took).allMatch(nanos -> nanos < 10 * BAR_NANOS);
    }

    @Test
    void readersOfMetricsThatTakeNothingDoNotDelayHealth() throws Exception {
        List<Socket> slow = new ArrayList<>();
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1024);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", running.server.metricsPort()));
            write(socket, "GET /metrics HTTP/1.1\r\n\r\n");
            slow.add(socket);
            if (i % 10 == 0) {
                took.add(healthNanos());
            }
        }

        assertThat(Scrape.of(running).value("nuner_ready")).isEqualTo(1);
        closeAll(slow);
        assertThat(took.stream().sorted().toList().get(took.size() / 2)).isLessThan(BAR_NANOS);
    }

    @Test
    void aHeadIsAnsweredWithoutABody() throws Exception {
        HttpResponse<String> head = Scrape.send(running, "/metrics", "HEAD");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isGreaterThan(1000);
    }

    @Test
    void floodsOfRequestsWriteNothing() throws Exception {
        List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Lines(lines);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 40; i++) {
                for (String begin : List.of("HEAD /metrics", "OPTIONS *", "TRACE /health/live", "?", "GET /%zz")) {
                    Socket socket = send(begin + " HTTP/1.1\r\n\r\n");
                    readAll(socket);
                }
            }
        } finally {
            System.setErr(err);
            root.removeHandler(handler);
        }

        assertThat(lines).isEmpty();
        assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static long healthNanos() throws IOException {
        long start = System.nanoTime();
        String answer = readAll(send("GET /health/live HTTP/1.1\r\n\r\n"));
        assertThat(answer).contains("200 OK").endsWith("alive\n");
        return System.nanoTime() - start;
    }

    private static Socket send(String bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", running.server.metricsPort());
        socket.setSoTimeout(20_000);
        write(socket, bytes);
        return socket;
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    }

    private static String readAll(Socket socket) throws IOException {
        try (socket) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return ""; // closed before all of it was read
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static final class Lines extends Handler {
        private final List<String> lines;

        private Lines(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLoggerName() + ": " + line.getMessage());
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
