package io.nuner.server.transport;

import io.nuner.server.transport.TransportConfig.Unread;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What calls may hold until they are read, all together. Any thread.
 *
 * <p>When it is used up, the peer that holds most gives some back: whoever holds little is not harmed by others.
 */
final class Budget {
    /** What a call costs beside its bytes: the objects that gRPC and HTTP/2 keep for it. */
    static final int CALL_BYTES = 16 * 1024;

    /** What a frame costs beside its bytes. */
    static final int FRAME_BYTES = 256;

    private final Unread limits;
    private final Collection<Connection> connections;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean shedding = new AtomicBoolean();

    /** A budget for these connections, as they come and go. */
    Budget(Unread limits, Collection<Connection> connections) {
        this.limits = limits;
        this.connections = connections;
    }

    Unread limits() {
        return limits;
    }

    /** What is held now. */
    long heldBytes() {
        return held.get();
    }

    /** So many bytes more are held, or less. */
    void hold(long moreBytes) {
        long all = held.addAndGet(moreBytes);
        if (moreBytes > 0 && all > limits.allBytes() && shedding.compareAndSet(false, true)) {
            shed();
        }
    }

    /** Whether more is held than should be. */
    boolean isExceeded() {
        return held.get() > limits.allBytes();
    }

    /** Whether calls of a connection hold no less than the average of a peer that holds most. */
    boolean isGreedy(LiveCalls calls) {
        long mostOfPeer = 0;
        int siblings = 0;
        for (Connection connection : connections) {
            mostOfPeer = Math.max(mostOfPeer, connection.unreadBytesOfPeer());
            siblings += connection.unreadBytes() > 0 && connection.isOf(calls.peer()) ? 1 : 0;
        }
        long ofPeer = calls.peer().unreadBytes();
        return ofPeer >= mostOfPeer && calls.heldBytes() * siblings >= ofPeer;
    }

    /** Asks the greediest connection of the greediest peer; it answers with {@link #hasShed}. */
    private void shed() {
        Comparator<Connection> greed = Comparator.<Connection>comparingLong(Connection::unreadBytesOfPeer)
                .thenComparingLong(Connection::unreadBytes);
        connections.stream().max(greed).ifPresentOrElse(Connection::shed, () -> shedding.set(false));
    }

    /** A connection has given back what it could; if that was not enough, the next one is asked. */
    void hasShed() {
        shedding.set(false);
        if (isExceeded() && shedding.compareAndSet(false, true)) {
            shed();
        }
    }
}
