package io.nuner.server.execution;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The thread of a {@link LaneWatchdog}; sleeps while no lane runs. Any thread.
 *
 * <p>It sets {@code asleep} and looks at the lanes after that; a lane starts its run and looks at {@code asleep} after that.
 * One of the two therefore sees the other, and no run goes unwatched. A lane that finds the watchdog awake only reads.
 */
final class WatchdogThread {
    /** Pause after a defect, so that the thread does not spin. */
    private static final long RETRY_NANOS = 100_000_000L;

    private static final long PAUSE_NANOS = 100_000_000L;
    private static final long GRACE_NANOS = 250_000_000L;

    private final LaneWatchdog watchdog;
    private final Consumer<? super Throwable> onDefect;
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    /**
     * A thread that has not started.
     *
     * @param onDefect told of every exception that escapes the watchdog, which goes on
     */
    WatchdogThread(LaneWatchdog watchdog, ThreadFactory threads, Consumer<? super Throwable> onDefect) {
        this.watchdog = watchdog;
        this.onDefect = onDefect;
        thread = threads.newThread(this::watch);
    }

    void start() {
        thread.start();
    }

    /** Makes the watchdog look at once: a lane has ended. Never blocks. */
    void lookNow() {
        asleep.set(false);
        LockSupport.unpark(thread);
    }

    /** Makes the watchdog look, if it sleeps: a lane runs. Never blocks. */
    void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread soon. Idempotent. */
    void stop() {
        stopped.set(true);
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!stopped.get()) {
            sleep(look());
        }
    }

    /** Sleeps; by how many nanoseconds too long. */
    private long overslept(long nanos) {
        long start = System.nanoTime();
        LockSupport.parkNanos(this, nanos);
        clearInterruption();
        return System.nanoTime() - start - nanos;
    }

    /** Nobody here interrupts this thread, and while it is interrupted it cannot sleep. */
    private static void clearInterruption() {
        Thread.interrupted();
    }

    private long look() {
        try {
            return watchdog.look();
        } catch (Throwable e) {
            report(e);
            return RETRY_NANOS;
        }
    }

    private void report(Throwable defect) {
        try {
            onDefect.accept(defect);
        } catch (Throwable unreportable) {
            // thrown on, it would end the thread, and no lane would be watched any more
        }
    }

    private void sleep(long nanos) {
        if (nanos != LaneWatchdog.NOTHING_TO_SEE) {
            // the whole process stood still, and so did the lanes: give them time to come back
            if (overslept(nanos) > PAUSE_NANOS) {
                overslept(GRACE_NANOS);
            }
            return;
        }
        asleep.set(true);
        while (asleep.get() && !stopped.get()) {
            if (watchdog.hasWork()) {
                asleep.set(false);
            } else {
                LockSupport.park(this);
                clearInterruption();
            }
        }
    }
}
