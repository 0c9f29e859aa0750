package io.nuner.gputest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process with a log and a time limit, which ends with all its children. One thread waits for it; any thread may kill it.
 */
final class ChildProcess {
    private static final int SIGNALS_FROM = 128;
    private static final int MOST_SIGNAL = 64;
    private static final long DUMP_MILLIS = 1500;
    private static final long KILL_SECONDS = 10;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int TAIL_BYTES = 4096;

    private final Process process;
    private final Path log;

    /** Every child it was seen to have: once it has crashed nothing else tells whose they were. */
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

    int exitCode() {
        return process.exitValue();
    }

    /** How it ended, in words, with the last line of its log. */
    String ending() {
        int code = exitCode();
        String what = code > SIGNALS_FROM && code <= SIGNALS_FROM + MOST_SIGNAL
                ? "killed by signal " + (code - SIGNALS_FROM) + name(code - SIGNALS_FROM)
                : "exit code " + code;
        String last = lastLine();
        return last.isEmpty() ? what : what + "; last line of its log: " + last;
    }

    private static String name(int signal) {
        return switch (signal) {
            case 4 -> " (SIGILL)";
            case 6 -> " (SIGABRT, a Java virtual machine that crashed)";
            case 7 -> " (SIGBUS)";
            case 9 -> " (SIGKILL, out of memory perhaps)";
            case 11 -> " (SIGSEGV)";
            case 15 -> " (SIGTERM)";
            default -> "";
        };
    }

    private String lastLine() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] tail = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(tail);
            List<String> lines = new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
