package io.nuner.cli.stop;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The end of this process, and the one place that brings it about. Any thread.
 *
 * <p>The virtual machine would answer a signal by running all shutdown hooks at once, those of libraries among them, while
 * the work goes on. Here a signal first ends the work; only then does the virtual machine exit. {@code docs/adr/0020-the-end-of-the-process.md}
 * lists the hooks and says why they then do no harm.
 */
public final class ProcessEnd {
    /** Guarded by this. */
    private Stoppable work = new CutShort();
    /** The work that the first signal ends. Guarded by this. */
    private @Nullable Stoppable stopping;

    private ProcessEnd() {}

    /** Takes the signals of this process; called once, first thing in {@code main}. */
    public static ProcessEnd takingSignals() {
        ProcessEnd end = new ProcessEnd();
        Signals.take(end::tell);
        return end;
    }

    /** For commands that run inside another program, whose signals are its own. */
    public static ProcessEnd ofAnother() {
        return new ProcessEnd();
    }

    /**
     * Lets a signal end this work from now on; before, it ends the process at once. Has no effect if a signal has come already.
     */
    public synchronized void onStop(Stoppable next) {
        work = next;
    }

    /** Ends the process. If a signal has come, the work's end decides when, and with which exit code. Never returns. */
    public void exit(int exitCode) {
        if (isStopping()) {
            waitForEver();
        }
        System.exit(exitCode);
    }

    /**
     * Ends the process at the given time and waits neither for threads nor for shutdown hooks. Returns at once.
     */
    public void exitWithin(Duration patience, int exitCode) {
        Thread lastResort = new Thread(
                () -> {
                    sleep(patience);
                    Runtime.getRuntime().halt(exitCode);
                },
                "last-resort");
        lastResort.setDaemon(true);
        lastResort.start();
    }

    /** One more signal. On a thread of its own. */
    void tell(StopSignal signal) {
        Stoppable mine;
        synchronized (this) {
            if (stopping != null) {
                stopping.hurry();
                return;
            }
            mine = work;
            stopping = mine;
        }
        int exitCode = signal.exitCode();
        try {
            exitCode = mine.stop(signal);
        } finally {
            System.exit(exitCode);
        }
    }

    private synchronized boolean isStopping() {
        return stopping != null;
    }

    private static void sleep(Duration patience) {
        try {
            Thread.sleep(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then earlier
        }
    }

    private static void waitForEver() {
        new Semaphore(0).acquireUninterruptibly();
    }

    /** Work that may end anywhere: the next run of the same command continues from what it left. */
    private static final class CutShort implements Stoppable {
        @Override
        public int stop(StopSignal signal) {
            return signal.exitCode();
        }

        @Override
        public void hurry() {
            // it does not wait for anything
        }
    }
}
