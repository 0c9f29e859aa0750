package io.nuner.server.batching;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The only way into the batcher: a ring of events with one reader. Any thread. */
public final class BatcherRing implements AutoCloseable {
    private static final long FULL_RING_PAUSE_NANOS = 20_000;
    private static final long STOP_SECONDS = 5;

    private final Disruptor<Slot> disruptor;
    private final RingBuffer<Slot> ring;

    private BatcherRing(Disruptor<Slot> disruptor) {
        this.disruptor = disruptor;
        this.ring = disruptor.getRingBuffer();
    }

    /**
     * Starts the batcher's thread.
     *
     * @param slots places in the ring, a power of two
     * @param onDefect told of every exception that escapes the batcher, on the batcher's thread
     */
    public static BatcherRing start(
            Batcher batcher, int slots, ThreadFactory threads, Consumer<? super Throwable> onDefect) {
        Disruptor<Slot> disruptor = new Disruptor<>(
                Slot::new, slots, threads, ProducerType.MULTI, new AlarmWaitStrategy(batcher::alarmNanos));
        disruptor.setDefaultExceptionHandler(new KeepGoing(onDefect));
        disruptor.handleEventsWith(batcher);
        disruptor.start();
        return new BatcherRing(disruptor);
    }

    /** Hands over an event; false if the ring is full and the caller must shed it. Never blocks. */
    public boolean offer(BatcherEvent event) {
        return ring.tryPublishEvent((slot, sequence, published) -> slot.put(published), event);
    }

    /**
     * Hands over an event that must not be lost, pausing while the ring is full. Not for the batcher's own thread. The
     * batcher never blocks, so a place always comes free.
     */
    public void put(BatcherEvent event) {
        while (!offer(event)) {
            LockSupport.parkNanos(FULL_RING_PAUSE_NANOS);
        }
    }

    /** Stops the batcher once it has seen everything published; what still waits is answered SHUTTING_DOWN. */
    @Override
    public void close() {
        try {
            disruptor.shutdown(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            disruptor.halt();
        }
    }

    /** Reports and goes on: the default handler would end the reader and wedge the ring for good. */
    private record KeepGoing(Consumer<? super Throwable> onDefect) implements ExceptionHandler<Slot> {
        @Override
        public void handleEventException(Throwable e, long sequence, Slot slot) {
            report(e);
        }

        @Override
        public void handleOnStartException(Throwable e) {
            report(e);
        }

        @Override
        public void handleOnShutdownException(Throwable e) {
            report(e);
        }

        private void report(Throwable e) {
            try {
                onDefect.accept(e);
            } catch (Throwable unreportable) {
                // thrown on, it would end the reader, and no request would be answered any more
            }
        }
    }

    /** A place in the ring, used again and again. Filled by the writer that claimed it, emptied by the batcher. */
    static final class Slot {
        private @Nullable BatcherEvent event;

        void put(BatcherEvent published) {
            event = published;
        }

        /** Applies the event and drops the reference first, so that a quiet ring keeps no text alive. */
        void apply(Batcher batcher) {
            BatcherEvent taken = event;
            event = null;
            if (taken == null) {
                return;
            }
            try {
                taken.applyTo(batcher);
            } catch (RuntimeException | Error e) {
                taken.fail();
                throw e; // to the ring's exception handler, which reports it and goes on
            }
        }
    }

    /**
     * Blocks the batcher's thread until something is published or its alarm rings; without an alarm it sleeps until something is
     * published, so an idle server costs nothing.
     *
     * <p>The reader sets {@code asleep} and looks at the cursor after that; a writer moves the cursor and looks at {@code asleep}
     * after that. One of the two therefore sees the other, and no wake-up is lost. A writer that finds the reader awake takes no
     * lock.
     */
    static final class AlarmWaitStrategy implements WaitStrategy {
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
                        // Nobody here interrupts this thread, and the flag is cleared now. Thrown on, the
                        // exception would make the reader skip a place that is not published yet.
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
}
