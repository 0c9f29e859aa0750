package io.nuner.server;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;

/** Counts the connections that are open. Any thread. */
final class OpenConnections extends ServerTransportFilter {
    private int open;

    @Override
    public synchronized Attributes transportReady(Attributes attributes) {
        open++;
        return attributes;
    }

    @Override
    public synchronized void transportTerminated(Attributes attributes) {
        open--;
        notifyAll();
    }

    /** Connections open now. */
    synchronized int count() {
        return open;
    }

    /** Waits until no connection is open, or the time is over. */
    synchronized void awaitNone(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (open > 0 && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }
}
