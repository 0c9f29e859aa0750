package io.nuner.cli.stop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends work early when the process is told to stop, and lets it print its results: the process waits until this is closed, 10 s
 * at most. Any thread.
 */
public final class Interruption implements Stoppable, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable stop;
    private volatile boolean come;

    /**
     * An interruption that has not come yet.
     *
     * @param stop makes the work end early; does not wait for it
     */
    public Interruption(Runnable stop) {
        this.stop = stop;
    }

    /** True once the process was told to stop. */
    public boolean hasCome() {
        return come;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public int stop(StopSignal signal) {
        come = true;
        stop.run();
        try {
            closed.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return signal.exitCode();
    }

    @Override
    public void hurry() {
        closed.countDown();
    }
}
