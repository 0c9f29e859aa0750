package io.nuner.engine.trt.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Java virtual machine with our class path that runs one main class. Immutable, any thread.
 *
 * <p>Its standard input stays open as long as we live, so that {@link ParentWatch} notices our death.
 *
 * @param mainClass name of the class
 * @param options options of the virtual machine
 * @param environment variables that differ from ours
 */
public record ChildJvm(String mainClass, List<String> options, Map<String, String> environment) {
    /** Ours may ask for debuggers and agents, which only one process can have. */
    private static final List<String> UNWANTED = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** How long a child may take to die, and its last words to arrive; a grandchild could keep the pipe open for ever. */
    private static final long DYING_MILLIS = 5_000;

    private static final int UNKNOWN = -1;

    public ChildJvm {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /**
     * Runs it to its end; kills it if the time is up or this thread is interrupted.
     *
     * @param limit how long it may take; empty for as long as it likes
     * @param lines takes every line of its standard output, on another thread, in order; never called after the return
     * @throws IOException if it cannot be started
     */
    public ChildEnd run(List<String> arguments, Optional<Duration> limit, Consumer<String> lines)
            throws IOException, InterruptedException {
        Process process = start(arguments);
        ErrorTail errors = new ErrorTail();
        GatedLines gated = new GatedLines(lines);
        Thread out = read(process.getInputStream(), gated);
        Thread err = read(process.getErrorStream(), errors);
        try {
            boolean ended = await(process, limit);
            // A child that hangs inside a driver may not die when it is killed, so this wait is bounded, too.
            boolean dead = ended || process.destroyForcibly().waitFor(DYING_MILLIS, TimeUnit.MILLISECONDS);
            if (dead) {
                out.join(DYING_MILLIS);
                err.join(DYING_MILLIS);
            }
            return new ChildEnd(dead ? process.exitValue() : UNKNOWN, !ended, errors.lines());
        } finally {
            gated.close();
            process.destroyForcibly();
        }
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
        command.add("-XX:-UsePerfData"); // no file in /tmp
        // A crash must leave neither a core nor a report in the working directory.
        command.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:+ErrorFileToStderr"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(options);
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().keySet().removeAll(UNWANTED);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static boolean await(Process process, Optional<Duration> limit) throws InterruptedException {
        if (limit.isPresent()) {
            return process.waitFor(limit.get().toMillis(), TimeUnit.MILLISECONDS);
        }
        process.waitFor();
        return true;
    }

    private static Thread read(InputStream stream, Consumer<String> lines) {
        Thread reader = new Thread(() -> readLines(stream, lines), "child-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private static void readLines(InputStream stream, Consumer<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                lines.accept(line);
                line = reader.readLine();
            }
        } catch (IOException e) {
            // The pipe broke, so the process has ended: its exit code says how.
        }
    }

    /** Passes lines on until it is closed; when closing has returned, none is on its way. Any thread. */
    private static final class GatedLines implements Consumer<String>, AutoCloseable {
        private final Consumer<String> target;
        private boolean closed;

        GatedLines(Consumer<String> target) {
            this.target = target;
        }

        @Override
        public synchronized void accept(String line) {
            if (!closed) {
                target.accept(line);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
        }
    }
}
