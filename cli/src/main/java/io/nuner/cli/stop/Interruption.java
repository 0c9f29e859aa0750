package io.nuner.cli.stop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end in its own way when the process is told to stop, and say what it has found out so far: the process waits until
 * this is closed, or for 10 s. Any thread.
 */
public final class Interruption implements Stoppable, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Runnable stop;
    private volatile boolean come;

    /**
     * None has come yet.
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

    /** All that should be done is done. */
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
