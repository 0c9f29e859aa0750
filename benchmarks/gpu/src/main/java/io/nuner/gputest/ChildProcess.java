package io.nuner.gputest;

import io.nuner.engine.trt.process.ChildEnd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process with a log and a time limit, which ends with all its children. One thread waits for it; any thread may kill it.
 *
 * <p>The engine's {@code ChildJvm} is for short Java helpers without a log; it compiles less, which would change what is measured.
 */
final class ChildProcess {
    private static final long DUMP_MILLIS = 1500;
    private static final long KILL_SECONDS = 10;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int DETAIL_BYTES = 4096;

    private final Process process;
    private final Path log;

    /** Every child that it was seen to have; after a crash, nothing else names them. */
    private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command with its output in a log.
     *
     * @throws IOException if there is no such program
     */
    static ChildProcess start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        return new ChildProcess(process, log);
    }

    /** Waits for its end, after which none of its children lives; false if it had to be killed because the time was up. */
    boolean endsWithin(double seconds) throws InterruptedException {
        long endNanos = System.nanoTime() + (long) (seconds * 1e9);
        for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
            if (process.waitFor(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
                killChildren();
                return true;
            }
            process.descendants().forEach(children::add);
        }
        dumpThreads();
        kill();
        return false;
    }

    /** Asks a Java virtual machine to write where its threads are, which tells what hung. */
    private void dumpThreads() throws InterruptedException {
        boolean java =
                process.info().command().filter(name -> name.endsWith("java")).isPresent();
        if (!java) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            process.waitFor(DUMP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            System.err.println("gpu-test: no thread dump: " + e.getMessage());
        }
    }

    /** Ends it and its children, and waits until it is gone, but not for long. */
    void kill() throws InterruptedException {
        killChildren();
        process.destroyForcibly();
        if (!process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
            System.err.println("gpu-test: process " + process.pid() + " does not end, not even killed");
        }
    }

    private void killChildren() {
        process.descendants().forEach(children::add);
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * How it ended.
     *
     * @param crashLog where a Java virtual machine writes its report when it crashes
     */
    ChildEnd end(Path crashLog) {
        return new ChildEnd(process.exitValue(), false, details(crashLog));
    }

    private List<String> details(Path crashLog) {
        try {
            return Files.exists(crashLog) ? head(crashLog) : tail(log);
        } catch (IOException e) {
            return List.of("its log cannot be read: " + e.getMessage());
        }
    }

    private static List<String> head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return lines(in.readNBytes(DETAIL_BYTES));
        }
    }

    private static List<String> tail(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - DETAIL_BYTES));
            return lines(in.readNBytes(DETAIL_BYTES));
        }
    }

    private static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }
}
