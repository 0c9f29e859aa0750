package io.nuner.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long one outcome may be waited for, and the pauses between calls that bring none. One thread at a time. */
final class Patience {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_DOUBLINGS = 5;

    private final Duration longest;
    private long startNanos = System.nanoTime();
    private int failures;

    Patience(Duration longest) {
        this.longest = longest;
    }

    /** The time that has passed was not the server's. */
    void restart() {
        startNanos = System.nanoTime();
    }

    /** The server works. */
    void succeeded() {
        failures = 0;
    }

    long leftNanos() {
        return longest.toNanos() - (System.nanoTime() - startNanos);
    }

    /**
     * How long to wait before the next call: what the server says; else nothing after a call that brought answers, and longer
     * with every call that did not.
     */
    long pauseNanos(Optional<Duration> said) {
        failures++;
        if (said.isPresent()) {
            return said.get().toNanos();
        }
        if (failures == 1) {
            return 0;
        }
        long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures - 2, MAX_DOUBLINGS));
        return ThreadLocalRandom.current().nextLong(pause / 2, pause + 1); // not all clients at once
    }
}
