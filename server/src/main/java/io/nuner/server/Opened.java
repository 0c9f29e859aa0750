package io.nuner.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a start has opened so far, for closing it in reverse if the start fails. One thread at a time. */
final class Opened {
    private final Deque<Runnable> closings = new ArrayDeque<>();

    /** One thing more is open. */
    void add(Runnable closing) {
        closings.push(closing);
    }

    /** Somebody else closes that from now on. */
    void remove(Runnable closing) {
        closings.remove(closing);
    }

    /** Somebody else closes everything from now on. */
    void handOver() {
        closings.clear();
    }

    /** Closes everything; what goes wrong meanwhile is added to the failure that led here. */
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
