package io.nuner.server.transport;

import io.nuner.server.transport.frames.Frame;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The messages that a client sends on one stream: where each begins and ends, and what they hold until the service asks for
 * the message behind them. Any thread; {@link #take} and {@link #held} on the event loop.
 */
final class InboundMessages {
    private final MessageLengths lengths = new MessageLengths();
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long beganNanos;
    private long delivered;
    private long doneWith = -1; // messages that the service has let go; -1 until it asks for the first one
    private long wanted;
    private long wantedSinceNanos;

    /** Follows the content of a frame; true if a message ends in it. */
    synchronized boolean take(Frame frame, long nowNanos) {
        boolean goesOn = lengths.isInside();
        long before = lengths.completed();
        lengths.take(frame);
        boolean completes = lengths.completed() > before;
        if (completes || !goesOn) { // what is inside now, if anything, has begun in this frame
            beganNanos = nowNanos;
        }
        return completes;
    }

    /** Whether a message is begun and not complete. */
    synchronized boolean isInside() {
        return lengths.isInside();
    }

    /** Bytes of the longest message so far, as its prefix says. */
    synchronized long longest() {
        return lengths.longest();
    }

    /** How long the service has waited for the rest of a message that is begun; 0 while it does not ask for one. */
    synchronized long waitedNanos(long nowNanos) {
        return isInside() && wanted > 0 ? Math.min(nowNanos - beganNanos, nowNanos - wantedSinceNanos) : 0;
    }

    /** The last frame holds that much; what can be given back at once. */
    synchronized long held(long bytes) {
        pieces.addLast(new Piece(lengths.completed() + (isInside() ? 1 : 0), bytes));
        return settled();
    }

    /** The service has got a message. */
    synchronized void delivered() {
        delivered++;
        wanted--;
    }

    /** The service asks for more messages, so it is done with those it has; what is given back for that. */
    synchronized long asked(int messages, long nowNanos) {
        if (wanted == 0) {
            wantedSinceNanos = nowNanos;
        }
        wanted += messages;
        doneWith = delivered;
        return settled();
    }

    private long settled() {
        long bytes = 0;
        while (!pieces.isEmpty() && pieces.getFirst().lastMessage <= doneWith) {
            bytes += pieces.removeFirst().bytes;
        }
        return bytes;
    }

    /**
     * A frame, or the headers.
     *
     * @param lastMessage number of the last message that a part of it belongs to, counted from 1; 0 for the headers
     */
    private record Piece(long lastMessage, long bytes) {}
}
