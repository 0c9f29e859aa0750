package io.nuner.server.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.nuner.server.transport.frames.Frame;

/**
 * Where the messages that a client sends on one stream begin and end, and how long they say they are. One thread at a time.
 */
final class MessageLengths {
    /** Before each message: one byte of flags and four bytes of length. */
    private static final int PREFIX_BYTES = 5;

    private int prefixBytes;
    private long length;
    private long bodyBytesLeft;
    private long completed;
    private long longest;

    /** Follows the content of a frame. */
    void take(Frame frame) {
        ByteBuf bytes = frame.bytes();
        int at = bytes.readerIndex() + frame.contentStart();
        int end = at + frame.contentBytes();
        while (at < end) {
            at += prefixBytes < PREFIX_BYTES ? prefix(bytes.getUnsignedByte(at)) : body(end - at);
            if (prefixBytes == PREFIX_BYTES && bodyBytesLeft == 0) {
                completed++;
                prefixBytes = 0;
            }
        }
    }

    private int prefix(int next) {
        length = prefixBytes == 0 ? 0 : length << Byte.SIZE | next;
        prefixBytes++;
        if (prefixBytes == PREFIX_BYTES) {
            bodyBytesLeft = length;
            longest = Math.max(longest, length);
        }
        return 1;
    }

    private int body(int available) {
        int taken = (int) Math.min(bodyBytesLeft, available);
        bodyBytesLeft -= taken;
        return taken;
    }

    /** Whether a message is begun and not complete. */
    boolean isInside() {
        return prefixBytes > 0;
    }

    /** How many messages are complete. */
    long completed() {
        return completed;
    }

    /** Bytes of the longest message so far, as its prefix says, without the prefix. */
    long longest() {
        return longest;
    }
}
