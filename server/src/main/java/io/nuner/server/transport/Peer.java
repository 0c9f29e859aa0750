package io.nuner.server.transport;

import java.util.concurrent.atomic.AtomicLong;

/** Whoever is at the other end of connections; those of a proxy are strangers to each other. Any thread. */
final class Peer {
    private final AtomicLong unreadBytes = new AtomicLong();

    /** Its open sockets; guarded by {@link Peers}. */
    int sockets;

    /** What its calls hold that are not read yet. */
    long unreadBytes() {
        return unreadBytes.get();
    }

    void hold(long moreBytes) {
        unreadBytes.addAndGet(moreBytes);
    }
}
