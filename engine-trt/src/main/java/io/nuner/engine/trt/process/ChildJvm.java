package io.nuner.engine.trt.process;

import io.nuner.engine.natives.ChildCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Java virtual machine with our class path that runs one main class. Immutable, any thread.
 *
 * <p>Its standard input stays open as long as we live, so that {@link ParentWatch} notices our death.
 *
 * <p>The model's {@code LimitedChild} is for strange input and bounded in memory; it says nothing but how it ended. This one reports
 * as it works, and a crash is told by the library it happened in.
 *
 * @param mainClass name of the class
 * @param options options of the virtual machine
 */
public record ChildJvm(String mainClass, List<String> options) {
    /** How long a child may take to die, and its last words to arrive; a grandchild could keep the pipe open for ever. */
    private static final long DYING_MILLIS = 5_000;

    private static final int UNKNOWN = -1;

    public ChildJvm {
        options = List.copyOf(options);
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
        Process process = ChildCommand.of(options, mainClass, arguments).start();
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
