package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.nuner.server.transport.frames.Frame;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The messages that a client sends on one stream: where each begins and ends, and what they hold until the service asks for
 * the message behind them. Any thread; {@link #take} and {@link #held} on the event loop.
 */
final class InboundMessages {
    /** Before each message: one byte of flags and four bytes of length. */
    private static final int PREFIX_BYTES = 5;

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int prefixBytes;
    private long length;
    private long bodyBytesLeft;
    private long beganNanos;
    private long completed;
    private long delivered;
    private long doneWith = -1; // messages that the service has let go; -1 until it asks for the first one
    private long wanted;
    private long wantedSinceNanos;

    /** Follows the content of a frame; true if a message ends in it. */
    synchronized boolean take(Frame frame, long nowNanos) {
        long before = completed;
        ByteBuf bytes = frame.bytes();
        int at = bytes.readerIndex() + frame.contentStart();
        int end = at + frame.contentBytes();
        while (at < end) {
            if (!isInside()) {
                beganNanos = nowNanos;
            }
            at += prefixBytes < PREFIX_BYTES ? prefix(bytes.getUnsignedByte(at)) : body(end - at);
            if (prefixBytes == PREFIX_BYTES && bodyBytesLeft == 0) {
                completed++;
                prefixBytes = 0;
                length = 0;
            }
        }
        return completed > before;
    }

    private int prefix(int next) {
        length = prefixBytes == 0 ? 0 : length << Byte.SIZE | next;
        prefixBytes++;
        bodyBytesLeft = prefixBytes == PREFIX_BYTES ? length : 0;
        return 1;
    }

    private int body(int available) {
        int taken = (int) Math.min(bodyBytesLeft, available);
        bodyBytesLeft -= taken;
        return taken;
    }

    /** Whether a message is begun and not complete. */
    synchronized boolean isInside() {
        return prefixBytes > 0;
    }

    /** How long the service has waited for the rest of a message that is begun; 0 while it does not ask for one. */
    synchronized long waitedNanos(long nowNanos) {
        return isInside() && wanted > 0 ? Math.min(nowNanos - beganNanos, nowNanos - wantedSinceNanos) : 0;
    }

    /** The last frame holds that much; what can be given back at once. */
    synchronized long held(long bytes) {
        pieces.addLast(new Piece(completed + (isInside() ? 1 : 0), bytes));
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
