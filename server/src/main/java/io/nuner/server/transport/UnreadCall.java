package io.nuner.server.transport;

import java.util.concurrent.atomic.AtomicLong;

/** A call from its first frame to its end, and what it holds while it is not read. Any thread, except where said. */
final class UnreadCall {
    private static final long NOTHING_ANY_MORE = -1;

    private final int stream;
    private final long beganNanos;
    private final long timeoutNanos;
    private final AtomicLong heldBytes = new AtomicLong();
    private boolean complete;
    private boolean answering;

    UnreadCall(int stream, long beganNanos, long timeoutNanos) {
        this.stream = stream;
        this.beganNanos = beganNanos;
        this.timeoutNanos = timeoutNanos;
    }

    int stream() {
        return stream;
    }

    /** Since its first frame. */
    long ageNanos(long nowNanos) {
        return nowNanos - beganNanos;
    }

    /** Whether the caller's own deadline is over, so that giving up is what it should do. */
    boolean isExpired(long nowNanos) {
        return ageNanos(nowNanos) >= timeoutNanos;
    }

    /** Whether its last frame has come. On the event loop. */
    boolean isComplete() {
        return complete;
    }

    /** Its last frame has come. On the event loop. */
    void completed() {
        complete = true;
    }

    /** Whether the first frame of its answer has gone out. On the event loop. */
    boolean isAnswering() {
        return answering;
    }

    /** The first frame of its answer goes out. On the event loop. */
    void answering() {
        answering = true;
    }

    /** Holds so many bytes more, unless it is read already; true if it does. */
    boolean hold(long bytes) {
        return heldBytes.getAndUpdate(held -> held == NOTHING_ANY_MORE ? held : held + bytes) != NOTHING_ANY_MORE;
    }

    /** What it holds now. */
    long heldBytes() {
        return Math.max(0, heldBytes.get());
    }

    /** Holds nothing from now on; what it held. */
    long letGo() {
        return Math.max(0, heldBytes.getAndSet(NOTHING_ANY_MORE));
    }
}
