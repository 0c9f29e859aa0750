package io.nuner.server.observe;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects metrics on a thread of its own, once for all who wait for them. However many ask, it works at most a quarter of
 * the time. Any thread.
 */
final class Collector implements AutoCloseable {
    /** Rests this many times as long as it worked. */
    private static final int REST = 3;

    private final Supplier<String> metrics;
    private final FaultLog faults;
    private final ScheduledExecutorService thread;
    private @Nullable CompletableFuture<Optional<byte[]>> next;
    private long restedNanos = System.nanoTime();

    Collector(Supplier<String> metrics, ThreadFactory threads, FaultLog faults) {
        this.metrics = metrics;
        this.faults = faults;
        thread = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** The metrics as text, collected after this call; empty if that failed. */
    @SuppressWarnings("FutureReturnValueIgnored") // callers wait for the returned future, not for the task
    synchronized CompletableFuture<Optional<byte[]>> collect() {
        CompletableFuture<Optional<byte[]>> awaited = next;
        if (awaited == null) {
            awaited = new CompletableFuture<>();
            next = awaited;
            long delayNanos = Math.max(0, restedNanos - System.nanoTime());
            thread.schedule(this::run, delayNanos, TimeUnit.NANOSECONDS);
        }
        return awaited;
    }

    private synchronized CompletableFuture<Optional<byte[]>> begin() {
        CompletableFuture<Optional<byte[]>> awaited = next == null ? new CompletableFuture<>() : next;
        next = null;
        return awaited;
    }

    private void run() {
        CompletableFuture<Optional<byte[]>> awaited = begin();
        long startNanos = System.nanoTime();
        Optional<byte[]> text = text();
        rest(System.nanoTime() - startNanos);
        awaited.complete(text);
    }

    private synchronized void rest(long workedNanos) {
        restedNanos = System.nanoTime() + REST * workedNanos;
    }

    private Optional<byte[]> text() {
        try {
            return Optional.of(metrics.get().getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            faults.report("metrics could not be collected", e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
