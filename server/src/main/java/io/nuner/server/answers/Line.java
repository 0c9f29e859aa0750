package io.nuner.server.answers;

import java.net.InetAddress;

/** A connection, as far as answers are concerned. Any thread. */
public interface Line {
    /** Who is at the other end. */
    InetAddress peer();

    /** Whether a proxy brings the calls of many over it, so that its address is nobody's. */
    boolean isShared();

    /** False once nothing can be sent any more. */
    boolean isOpen();

    /** Ends it at once and frees what it holds. Idempotent. */
    void cut();
}
