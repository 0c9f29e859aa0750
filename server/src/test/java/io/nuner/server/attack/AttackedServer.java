package io.nuner.server.attack;

import io.nuner.server.RunningServer;
import io.nuner.server.Waiting;
import io.nuner.server.config.MetricsConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is attacked: the launcher that the environment variable {@code NUNER_ATTACKED} names, as a process of its own, or a
 * server with a fake engine inside this one. One thread at a time.
 */
@SuppressWarnings({"AddressSelection", "try"}) // every address is written in digits; close may be interrupted
final class AttackedServer implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;

    private final @Nullable RunningServer inside;
    private final @Nullable Process process;
    private final int port;
    private final int metricsPort;
    private final Path log;

    private AttackedServer(
            @Nullable RunningServer inside, @Nullable Process process, int port, int metricsPort, Path log) {
        this.inside = inside;
        this.process = process;
        this.port = port;
        this.metricsPort = metricsPort;
        this.log = log;
    }

    static AttackedServer start() throws Exception {
        String launcher = System.getenv("NUNER_ATTACKED");
        Path log = Files.createTempFile("attacked", ".log");
        if (launcher == null) {
            RunningServer inside = RunningServer.start(RunningServer.CONFIG.toBuilder()
                    .metrics(MetricsConfig.on(0))
                    .build());
            return new AttackedServer(inside, null, inside.server.port(), inside.server.metricsPort(), log);
        }
        int port = freePort();
        int metricsPort = freePort();
        List<String> command =
                List.of(launcher, "serve", "--port=" + port, "--metrics-port=" + metricsPort, "--drain-notice=0s");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(new File(launcher).getAbsoluteFile().getParentFile())
                .start();
        AttackedServer server = new AttackedServer(null, process, port, metricsPort, log);
        server.awaitServing();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitServing() throws IOException {
        long end = System.nanoTime() + 120_000_000_000L;
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket("127.0.0.1", metricsPort)) {
                socket.getOutputStream()
                        .write("GET /health/ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                if (new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains(" 200 ")) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            Waiting.pause();
        }
        throw new IOException("it does not serve: " + Files.readString(log));
    }

    int port() {
        return port;
    }

    int metricsPort() {
        return metricsPort;
    }

    private String proc(String file) throws IOException {
        return Files.readString(Path.of("/proc/" + (process == null ? "self" : process.pid()) + "/" + file));
    }

    /** Processor time of its process so far. */
    double cpuSeconds() throws IOException {
        String stat = proc("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory of its process. */
    long residentMegabytes() throws IOException {
        for (String line : proc("status").split("\n", -1)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        return -1;
    }

    long logBytes() throws IOException {
        return Files.size(log);
    }

    @Override
    public void close() {
        if (inside != null) {
            inside.close();
        }
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }
}
