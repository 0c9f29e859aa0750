package io.nuner.server.batching;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Blocks the batcher's thread until something is published or its alarm rings; without an alarm it sleeps until something is
 * published, so an idle server costs nothing.
 *
 * <p>The reader sets {@code asleep} and looks at the cursor after that; a writer moves the cursor and looks at {@code asleep}
 * after that. One of the two therefore sees the other, and no wake-up is lost. A writer that finds the reader awake takes no
 * lock.
 */
final class AlarmWaitStrategy implements WaitStrategy {
    /** Upper bound of one sleep. */
    private static final long LONG_NANOS = 3_600_000_000_000L;

    private final LongSupplier alarmNanos;
    private final Lock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private final AtomicBoolean asleep = new AtomicBoolean();

    /**
     * A strategy for one reader.
     *
     * @param alarmNanos when the reader's {@code onTimeout} must be called, on the clock of {@link System#nanoTime}, or {@link
     *     Batcher#NO_ALARM}; asked on the reader's thread only
     */
    AlarmWaitStrategy(LongSupplier alarmNanos) {
        this.alarmNanos = alarmNanos;
    }

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException, TimeoutException {
        if (cursor.get() < sequence) {
            sleepUntil(sequence, cursor, barrier);
        }
        long available = dependentSequence.get();
        while (available < sequence) {
            barrier.checkAlert();
            Thread.onSpinWait();
            available = dependentSequence.get();
        }
        return available;
    }

    private void sleepUntil(long sequence, Sequence cursor, SequenceBarrier barrier)
            throws AlertException, TimeoutException {
        lock.lock();
        try {
            asleep.set(true);
            while (cursor.get() < sequence) {
                barrier.checkAlert();
                try {
                    if (published.awaitNanos(untilAlarmNanos()) <= 0) {
                        throw TimeoutException.INSTANCE;
                    }
                } catch (InterruptedException e) {
                    // None of ours, and the flag is cleared. Thrown on, the reader would take it for an event that
                    // failed, and skip
                    // a place that is not published yet, with whatever comes there.
                }
                asleep.set(true);
            }
            asleep.set(false);
        } finally {
            lock.unlock();
        }
    }

    private long untilAlarmNanos() {
        long alarm = alarmNanos.getAsLong();
        return alarm == Batcher.NO_ALARM ? LONG_NANOS : alarm - System.nanoTime();
    }

    @Override
    public void signalAllWhenBlocking() {
        // the cursor may have been moved by a mere release store, which a later read may overtake
        VarHandle.fullFence();
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            lock.lock();
            try {
                published.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
