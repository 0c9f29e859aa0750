package io.nuner.server.answers;

import java.net.InetAddress;

/** A connection as the budget of answers sees it. Any thread. */
public interface Line {
    /** The address at the other end. */
    InetAddress peer();

    /** True for a proxy's connection, which carries the calls of many callers: no bound of an address holds for it. */
    boolean isShared();

    /** False once nothing more can be sent. */
    boolean isOpen();

    /** Closes it at once and frees its buffers. Idempotent. */
    void cut();
}
