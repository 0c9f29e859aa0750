package io.nuner.server.transport;

/** A whole frame of HTTP/2 as it came. Immutable if nobody changes its bytes. */
final class Frame {
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    private final byte[] bytes;
    private final int contentStart;
    private final int contentBytes;

    /**
     * Takes a frame apart.
     *
     * @throws MalformedHttp2Exception if its padding is longer than itself
     */
    Frame(byte[] bytes) throws MalformedHttp2Exception {
        this.bytes = bytes;
        int payloadBytes = bytes.length - Frames.HEADER_BYTES;
        boolean padded = (type() == Frames.DATA || type() == Frames.HEADERS) && has(Frames.PADDED);
        contentStart = Frames.HEADER_BYTES + (padded ? 1 : 0);
        int padding = padded && payloadBytes > 0 ? 1 + (bytes[Frames.HEADER_BYTES] & 0xff) : 0;
        contentBytes = payloadBytes - padding;
        if (contentBytes < 0 || (padded && payloadBytes == 0)) {
            throw new MalformedHttp2Exception(Frames.PROTOCOL_ERROR);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int type() {
        return bytes[TYPE_AT] & 0xff;
    }

    boolean has(int flag) {
        return (bytes[FLAGS_AT] & flag) != 0;
    }

    /** Its stream; 0 for the connection. */
    int stream() {
        return Frames.stream(bytes);
    }

    /** Where its content begins, after header and padding length. */
    int contentStart() {
        return contentStart;
    }

    /** Its payload without padding. */
    int contentBytes() {
        return contentBytes;
    }
}
