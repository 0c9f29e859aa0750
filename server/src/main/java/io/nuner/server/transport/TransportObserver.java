package io.nuner.server.transport;

/** Hears what the transport turns away. Any thread; must neither block nor throw. */
public interface TransportObserver {
    /** A socket was closed by the server. */
    void cut(Cut reason);

    /** A call was answered before gRPC could read it. */
    void refused(Early reason);

    /** Why a socket was closed. */
    enum Cut {
        /** As many sockets were open as there may be. */
        TOO_MANY,
        /** Its peer had as many open as a peer may have. */
        TOO_MANY_OF_PEER,
        /** It did not finish its handshake in time. */
        HANDSHAKE,
        /** A frame or a header block was begun and not completed in time. */
        STALLED,
        /** Nothing came from it any more, not even the answer to a ping. */
        SILENT,
        /** It sent too many frames that bring nothing. */
        NOISE,
        /** It gave up too many calls. */
        RESETS,
        /** What it sent is not HTTP/2. */
        MALFORMED,
        /** The server wanted it so. */
        WANTED
    }

    /** Why a call was refused. */
    enum Early {
        /** The connection's calls held too much that was not read yet. */
        UNREAD_OF_CONNECTION,
        /** All calls held too much, and its peer most. */
        UNREAD_OF_ALL,
        /** Its message was not complete in time. */
        MESSAGE_TIME,
        /** Its message is larger than the server reads. */
        MESSAGE_SIZE,
        /** Its message was not complete when the server stopped. */
        STOPPING,
        /** Its metadata was far too large. */
        METADATA,
        /** Its header block breaks a rule of HTTP/2 or gRPC. */
        HEADERS
    }
}
