package io.nuner.load;

import java.util.PrimitiveIterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Says when the next call starts. The sending thread alone waits; calls end on any thread. */
abstract class Pacing {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Waits for the start of the next call; false if there is none. */
    abstract boolean awaitNext() throws InterruptedException;

    /** When the call that was waited for should start, in the time of {@link System#nanoTime}. */
    abstract long intendedNanos();

    /** A call has ended. */
    abstract void callEnded();

    /** Starts at times fixed beforehand, whatever becomes of the calls. */
    static final class Open extends Pacing {
        private final PrimitiveIterator.OfLong arrivals;
        private final long startNanos;
        private final BooleanSupplier stopped;
        private long intendedNanos;

        Open(PrimitiveIterator.OfLong arrivals, long startNanos, BooleanSupplier stopped) {
            this.arrivals = arrivals;
            this.startNanos = startNanos;
            this.stopped = stopped;
        }

        @Override
        boolean awaitNext() throws InterruptedException {
            if (!arrivals.hasNext()) {
                return false;
            }
            intendedNanos = startNanos + arrivals.nextLong();
            return sleepUntil(intendedNanos, stopped);
        }

        @Override
        long intendedNanos() {
            return intendedNanos;
        }

        @Override
        void callEnded() {
            // arrivals do not depend on it
        }
    }

    /** Starts a call whenever one has ended. */
    static final class Closed extends Pacing {
        private final Semaphore free;
        private final long endNanos;
        private final BooleanSupplier stopped;

        Closed(int concurrency, long endNanos, BooleanSupplier stopped) {
            this.free = new Semaphore(concurrency);
            this.endNanos = endNanos;
            this.stopped = stopped;
        }

        @Override
        boolean awaitNext() throws InterruptedException {
            boolean taken = false;
            while (!taken && !stopped.getAsBoolean() && endNanos - System.nanoTime() > 0) {
                long waitNanos = Math.min(LOOK_NANOS, endNanos - System.nanoTime());
                taken = free.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
            }
            return taken;
        }

        @Override
        long intendedNanos() {
            return System.nanoTime();
        }

        @Override
        void callEnded() {
            free.release();
        }
    }

    /** Sleeps until a time of {@link System#nanoTime}; false if it was told to stop before. */
    static boolean sleepUntil(long timeNanos, BooleanSupplier stopped) throws InterruptedException {
        for (long left = timeNanos - System.nanoTime(); left > 0; left = timeNanos - System.nanoTime()) {
            if (stopped.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for the next arrival");
            }
        }
        return !stopped.getAsBoolean();
    }
}
