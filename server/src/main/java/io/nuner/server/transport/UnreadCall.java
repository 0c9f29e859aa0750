package io.nuner.server.transport;

import io.nuner.server.transport.frames.Frame;
import io.nuner.server.transport.frames.Frames;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A call from its first frame to its end, and what it holds while it is not read. Any thread, except where said. */
final class UnreadCall {
    private static final long NOTHING_ANY_MORE = -1;

    private final int stream;
    private final long beganNanos;
    private final long timeoutNanos;
    private final AtomicLong heldBytes = new AtomicLong();
    private final @Nullable InboundMessages messages;
    private final MessageLengths only = new MessageLengths();
    private volatile StreamLine.@Nullable Listener listener;
    private boolean complete;
    private boolean answering;
    private boolean answered;
    private long sentBytes;

    /**
     * A call begins.
     *
     * @param isStream whether it brings several messages
     */
    UnreadCall(int stream, long beganNanos, long timeoutNanos, boolean isStream) {
        this.stream = stream;
        this.beganNanos = beganNanos;
        this.timeoutNanos = timeoutNanos;
        messages = isStream ? new InboundMessages() : null;
    }

    int stream() {
        return stream;
    }

    /** Since its first frame. */
    long ageNanos(long nowNanos) {
        return nowNanos - beganNanos;
    }

    /** The messages that it brings; null if it brings only one. */
    @Nullable
    InboundMessages messages() {
        return messages;
    }

    /** Follows a frame of its messages; true if one of several ends in it. On the event loop. */
    boolean follow(Frame frame, long nowNanos) {
        complete |= frame.has(Frames.END_STREAM);
        if (messages == null) {
            only.take(frame);
            return false;
        }
        return messages.take(frame, nowNanos);
    }

    /** Bytes of its longest message so far, as the message itself says. On the event loop. */
    long longestMessageBytes() {
        return messages == null ? only.longest() : messages.longest();
    }

    /** How long the service has waited for the rest of a message. */
    long waitedNanos(long nowNanos) {
        return messages == null ? ageNanos(nowNanos) : messages.waitedNanos(nowNanos);
    }

    /** Whether a message is begun and not complete. A call of only one message has begun it. On the event loop. */
    boolean isIncomplete() {
        return !complete && (messages == null || messages.isInside());
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

    /** Whether the last frame of its answer has gone out. On the event loop. */
    boolean isAnswered() {
        return answered;
    }

    /** The last frame of its answer goes out. On the event loop. */
    void answered() {
        answering = true;
        answered = true;
    }

    /** Sets who hears of it. */
    void listen(StreamLine.Listener wanted) {
        listener = wanted;
    }

    /** A frame of an answer's message goes out. On the event loop. */
    void sent(int bytes) {
        sentBytes += bytes;
        StreamLine.@Nullable Listener told = listener;
        if (told != null) {
            told.sent(sentBytes);
        }
    }

    /** Its connection is told to go. On the event loop. */
    void going() {
        StreamLine.@Nullable Listener told = listener;
        if (told != null) {
            told.going();
        }
    }

    /** Holds that much more, or less, unless it is read already; true if it does. */
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
