package io.nuner.cli;

import io.nuner.cli.serve.DemoModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code nuner serve} in a virtual machine of its own, on a free port; what it wrote to stderr until it served. */
public final class ServerProcess implements AutoCloseable {
    private static final String SERVING = "serving on ";

    private final Process process;
    private final List<String> startLines = new ArrayList<>();
    private final BufferedReader err;
    private int port;

    private ServerProcess(Process process) {
        this.process = process;
        this.err = process.errorReader(StandardCharsets.UTF_8);
    }

    /** Starts a server and waits until it serves. */
    public static ServerProcess start(Path model, Path cache) throws IOException {
        return start(List.of(), List.of("--model=" + model, "--cache=" + cache));
    }

    /** Starts a server without {@code --model}, as the launcher in the given directory does. */
    public static ServerProcess startDemo(Path home, Path cache) throws IOException {
        return start(List.of("-D" + DemoModel.HOME + "=" + home), List.of("--cache=" + cache));
    }

    /** Starts a server on the port of one that has ended. */
    public static ServerProcess startAgain(int port, Path model, Path cache) throws IOException {
        return start(List.of("--port=" + port, "--model=" + model, "--cache=" + cache));
    }

    /** Starts a server with the given options. */
    public static ServerProcess start(List<String> options) throws IOException {
        return start(List.of(), options);
    }

    /** Starts a server in a virtual machine with the given options. */
    public static ServerProcess start(List<String> jvmOptions, List<String> options) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvmOptions);
        words.addAll(List.of(Nuner.class.getName(), "serve", "--metrics-port=0", "--drain-notice=0s"));
        if (options.stream().noneMatch(option -> option.startsWith("--port="))) {
            words.add("--port=0");
        }
        words.addAll(options);
        ProcessBuilder command = new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        ServerProcess server = new ServerProcess(command.start());
        server.awaitServing();
        return server;
    }

    private void awaitServing() throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            startLines.add(line);
            if (line.contains(SERVING)) {
                port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                return;
            }
        }
        throw new AssertionError("the server did not start: " + startLines);
    }

    public int port() {
        return port;
    }

    public List<String> startLines() {
        return startLines;
    }

    /** Sends SIGTERM and waits for the end. */
    public int terminate() throws InterruptedException {
        process.toHandle().destroy(); // Process.destroy would also close the log
        return awaitExit();
    }

    /** Waits for the end. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the server did not stop within 20 s");
        }
        return process.exitValue();
    }

    /** What it wrote after it served; for a server that has ended. */
    public List<String> restOfLog() {
        return err.lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
