package io.nuner.model.process;

import io.nuner.engine.natives.ChildCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A Java virtual machine with our class path that runs one main class within limits of time and memory, and leaves no file
 * behind. Immutable, any thread.
 *
 * @param mainClass name of the class; reads its input from standard input; its output is discarded
 * @param heapMebibytes the largest heap
 * @param maxMebibytes resident memory above which it is killed; checked every {@value #LOOK_MILLIS} ms, on Linux only
 * @param limit time after which it is killed
 */
public record LimitedChild(String mainClass, int heapMebibytes, int maxMebibytes, Duration limit) {
    private static final int LOOK_MILLIS = 20;
    private static final int SIGNALS = 128;
    private static final int KIBIBYTES = 1024;
    /** Prefixes of system properties that the child gets, too: they say where native libraries come from. */
    private static final List<String> INHERITED = List.of("nuner.", "user.home", "java.io.tmpdir");

    /**
     * Runs it to its end; kills it if the time is up, it takes too much memory or this thread is interrupted.
     *
     * @return how it ended, continuing a sentence; empty if all went well
     * @throws IOException if it cannot be started
     */
    public String run(byte[] input) throws IOException, InterruptedException {
        Process process = start();
        try {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(process, input));
            String end = await(process);
            written.cancel(true);
            return end;
        } finally {
            process.destroyForcibly();
        }
    }

    /** For the child: ends the process after the limit, in case its parent is gone and no longer watches it. */
    public static void endAfter(Duration limit) {
        Thread end = new Thread(() -> sleepAndEnd(limit), "end-after");
        end.setDaemon(true);
        end.start();
    }

    private static void sleepAndEnd(Duration limit) {
        try {
            Thread.sleep(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private Process start() throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heapMebibytes + "m"));
        Properties properties = System.getProperties();
        for (String name : properties.stringPropertyNames()) {
            if (INHERITED.stream().anyMatch(name::startsWith)) {
                options.add("-D" + name + "=" + properties.getProperty(name));
            }
        }
        return ChildCommand.of(options, mainClass, List.of())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(input);
        } catch (IOException e) {
            // it ended before it read everything; its exit code says why
        }
    }

    private String await(Process process) throws InterruptedException {
        long endNanos = System.nanoTime() + limit.toNanos();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - endNanos >= 0) {
                return "did not end within " + limit.toSeconds() + " s";
            }
            if (residentMebibytes(process) > maxMebibytes) {
                return "took more than " + maxMebibytes + " MiB of memory";
            }
        }
        int code = process.exitValue();
        if (code > SIGNALS) {
            return "was ended by signal " + (code - SIGNALS);
        }
        return code == 0 ? "" : "ended with exit code " + code;
    }

    /** Resident memory; 0 where it is unknown. */
    private static long residentMebibytes(Process process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    String kibibytes = line.substring("VmRSS:".length(), line.length() - "kB".length());
                    return Long.parseLong(kibibytes.strip()) / KIBIBYTES;
                }
            }
            return 0;
        } catch (IOException | RuntimeException e) {
            return 0; // it has just ended, or there is no /proc
        }
    }
}
