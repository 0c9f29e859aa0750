package io.nuner.cli.stop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code nuner} in a process of its own, which a test stops. One thread, but for what reads its log. */
final class StoppedProcess implements AutoCloseable {
    private static final String SERVING = "serving on 127.0.0.1:";

    private final Process process;
    private final List<String> log = new ArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CountDownLatch spoken = new CountDownLatch(1);
    private final Thread reader;

    private StoppedProcess(Process process) {
        this.process = process;
        reader = new Thread(this::read, "log");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it.
     *
     * @param launcher the program up to the name of the command
     * @param directory where crash reports go
     */
    static StoppedProcess start(List<String> launcher, Path directory, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment()
                .put("JAVA_OPTS", "-XX:-CreateCoredumpOnCrash -XX:ErrorFile=" + directory + "/hs_err_%p.log");
        return new StoppedProcess(builder.start());
    }

    /** Waits until it has written a line, or has ended. */
    void awaitFirstLine() throws InterruptedException {
        spoken.await();
    }

    /** The port, once it serves; -1 if it ended before. */
    int awaitPort() {
        return port.join();
    }

    /** Sends a signal. */
    void signal(StopSignal signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal.name(), Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Lets time pass, unless it ends before. */
    boolean isGoneWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end; the exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("not stopped within 60 s: " + log);
        }
        reader.join();
        return process.exitValue();
    }

    /** What it wrote to standard error; of a process that has ended. */
    List<String> log() {
        return List.copyOf(log);
    }

    private void read() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            port.complete(-1);
            spoken.countDown();
        }
    }

    private void read(String line) {
        log.add(line);
        spoken.countDown();
        int at = line.indexOf(SERVING);
        if (at >= 0) {
            port.complete(Integer.parseInt(line.substring(at + SERVING.length())));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
