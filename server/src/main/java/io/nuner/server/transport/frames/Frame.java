package io.nuner.server.transport.frames;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/** A whole frame of HTTP/2 as it came. Owns nothing; valid as long as its bytes are. One thread at a time. */
public final class Frame {
    private final ByteBuf bytes;
    private final int length;
    private final int type;
    private final int flags;
    private final int contentStart;
    private final int contentBytes;

    /**
     * Takes a frame apart.
     *
     * @throws MalformedHttp2Exception if its padding is longer than itself
     */
    public Frame(ByteBuf bytes) throws MalformedHttp2Exception {
        this.bytes = bytes;
        length = bytes.readableBytes();
        type = bytes.getUnsignedByte(Frames.TYPE_AT);
        flags = bytes.getUnsignedByte(Frames.FLAGS_AT);
        int payloadBytes = length - Frames.HEADER_BYTES;
        boolean padded = (type == Frames.DATA || type == Frames.HEADERS) && has(Frames.PADDED);
        contentStart = Frames.HEADER_BYTES + (padded ? 1 : 0);
        int padding = padded && payloadBytes > 0 ? 1 + bytes.getUnsignedByte(Frames.HEADER_BYTES) : 0;
        contentBytes = payloadBytes - padding;
        if (contentBytes < 0 || (padded && payloadBytes == 0)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
    }

    /** All of it, from its header on. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Its length, header and padding included, also when somebody has read it. */
    public int length() {
        return length;
    }

    public int type() {
        return type;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Its stream; 0 for the connection. */
    public int stream() {
        return bytes.getInt(Frames.STREAM_AT) & Integer.MAX_VALUE;
    }

    /** Where its content begins, after header and padding length. */
    public int contentStart() {
        return contentStart;
    }

    /** Its payload, padding included, which counts against the windows. */
    public int payloadBytes() {
        return length - Frames.HEADER_BYTES;
    }

    /** Its payload without padding. */
    public int contentBytes() {
        return contentBytes;
    }
}
