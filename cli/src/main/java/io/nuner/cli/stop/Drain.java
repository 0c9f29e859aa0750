package io.nuner.cli.stop;

import io.nuner.server.InferenceServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a server when the process is told to stop: at once while it does not serve yet, else by a drain.
 *
 * <p>Opening an engine and starting a server are steps that a stop lets finish: native code runs in the first, and calls may
 * be accepted before the second has returned. The start holds a lock during each step. A stop takes the lock and keeps it, so that
 * no further step begins.
 */
public final class Drain implements Stoppable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Enough to load and measure a large model; not enough to compile one for a GPU. */
    private static final Duration STEP_PATIENCE = Duration.ofSeconds(10);

    /** Fair, so that a stop that waits comes before the next step. */
    private final ReentrantLock steps = new ReentrantLock(true);

    private volatile @Nullable InferenceServer server;
    private volatile int exitCode;

    /** Runs a step, which a stop lets finish. After a stop, waits for the end of the process instead. */
    public <T, E extends Exception> T step(Step<T, E> step) throws E {
        steps.lock();
        try {
            return step.run();
        } finally {
            steps.unlock();
        }
    }

    /** The last step: a server serves from now on. Called within {@link #step}. */
    public InferenceServer serving(InferenceServer started) {
        server = started;
        return started;
    }

    /** What the process exits with instead of zero, when told to stop or not. */
    public void lost(int code) {
        exitCode = code;
    }

    @Override
    public int stop(StopSignal signal) {
        boolean steady = awaitStep();
        InferenceServer running = server;
        if (running == null) {
            LOG.info(
                    "stopped by SIG{} before it served{}", signal, steady ? "" : ", while the engine was being opened");
            return exitCode;
        }
        LOG.info("stopping: {} texts in flight", running.requestsInFlight());
        running.close();
        LOG.info("stopped");
        return exitCode;
    }

    @Override
    public void hurry() {
        InferenceServer running = server;
        if (running != null) {
            LOG.info("told to stop once more");
            running.hurry();
        }
    }

    private boolean awaitStep() {
        try {
            return steps.tryLock(STEP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Part of a start. */
    @FunctionalInterface
    public interface Step<T, E extends Exception> {
        T run() throws E;
    }
}
