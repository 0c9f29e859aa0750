package io.nuner.server.batching;

import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The only way into the batcher: a ring of events with one reader. Any thread. */
public final class BatcherRing implements AutoCloseable {
    private static final long FULL_RING_PAUSE_NANOS = 20_000;
    private static final long STOP_SECONDS = 5;

    private final Disruptor<BatcherSlot> disruptor;
    private final RingBuffer<BatcherSlot> ring;

    private BatcherRing(Disruptor<BatcherSlot> disruptor) {
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
        Disruptor<BatcherSlot> disruptor = new Disruptor<>(
                BatcherSlot::new, slots, threads, ProducerType.MULTI, new AlarmWaitStrategy(batcher::alarmNanos));
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
    private record KeepGoing(Consumer<? super Throwable> onDefect) implements ExceptionHandler<BatcherSlot> {
        @Override
        public void handleEventException(Throwable e, long sequence, BatcherSlot slot) {
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
                // thrown on, it would end the reader: nobody would be answered any more
            }
        }
    }
}
