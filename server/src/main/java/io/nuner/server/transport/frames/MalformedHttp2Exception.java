package io.nuner.server.transport.frames;

/** A peer does not speak HTTP/2: its connection is to be closed. Immutable. */
public final class MalformedHttp2Exception extends Exception {
    private static final long serialVersionUID = 1L;

    private final int error;

    /** An error by its number in RFC 9113. */
    public MalformedHttp2Exception(int error) {
        super("HTTP/2 error " + error, null, false, false);
        this.error = error;
    }

    public int error() {
        return error;
    }
}
