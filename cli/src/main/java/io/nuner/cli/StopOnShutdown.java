package io.nuner.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets work end in its own way when the process is told to stop: the process waits until this is closed. Any thread. */
final class StopOnShutdown implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable stop;
    private final Thread hook = new Thread(this::shutDown, "stop");
    private volatile boolean shutdown;

    private StopOnShutdown(Runnable stop) {
        this.stop = stop;
    }

    /** Runs {@code stop} on SIGTERM, Ctrl-C or {@link System#exit}. */
    static StopOnShutdown of(Runnable stop) {
        StopOnShutdown result = new StopOnShutdown(stop);
        Runtime.getRuntime().addShutdownHook(result.hook);
        return result;
    }

    /** True once the process was told to stop. */
    boolean isShutdown() {
        return shutdown;
    }

    /** All that should be done is done. */
    @Override
    public void close() {
        closed.countDown();
        if (shutdown) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the hook runs already, and has just been let go
        }
    }

    private void shutDown() {
        shutdown = true;
        stop.run();
        try {
            closed.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
