package io.nuner.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** The parts that a start has opened, to be closed in reverse order if it fails. One thread at a time. */
final class Opened {
    private final Deque<Runnable> closings = new ArrayDeque<>();

    /** Adds a part that is open. */
    void add(Runnable closing) {
        closings.push(closing);
    }

    /** Forgets a part: its new owner closes it. */
    void remove(Runnable closing) {
        closings.remove(closing);
    }

    /** Forgets all parts: their new owner closes them. */
    void handOver() {
        closings.clear();
    }

    /** Closes all parts; exceptions meanwhile are added to the failure of the start. */
    void close(Throwable failure) {
        while (!closings.isEmpty()) {
            try {
                closings.pop().run();
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
        }
    }
}
