package io.nuner.model.hub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Retries after failures that may pass: pauses double, and are shortened at random by up to a half so that many clients do
 * not come back together. One thread at a time.
 */
public final class Retries {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Pause pause;
    private final RandomGenerator random;
    private final FetchListener listener;

    /**
     * Five attempts.
     *
     * @param pause how to wait
     */
    public Retries(Pause pause, RandomGenerator random, FetchListener listener) {
        this.pause = pause;
        this.random = random;
        this.listener = listener;
    }

    /** Tries until it works. */
    <T> T call(Attempt<T> attempt) throws HubException, InterruptedException {
        Streak streak = new Streak(0);
        while (true) {
            try {
                return attempt.run();
            } catch (HubException.Passing e) {
                streak.failed(e, 0);
            }
        }
    }

    /** A new count of failures in a row.
     *
     * @param reached how far the work has got already
     */
    Streak streak(long reached) {
        return new Streak(reached);
    }

    /** Failures in a row; an attempt that got further than any before counts as a success. */
    final class Streak {
        private int failures;
        private long furthest;

        private Streak(long reached) {
            this.furthest = reached;
        }

        /**
         * Waits before the next attempt.
         *
         * @param reached how far the failed attempt got
         * @throws HubException if this was the last attempt, or the server asks for too long a pause
         */
        void failed(HubException.Passing failure, long reached) throws HubException, InterruptedException {
            failures = reached > furthest ? 1 : failures + 1;
            furthest = Math.max(furthest, reached);
            if (failures >= ATTEMPTS) {
                throw new HubException(failure.getMessage() + " (tried " + ATTEMPTS + " times)", failure);
            }
            if (failure.shortestWait().compareTo(LONGEST_WAIT) > 0) {
                throw new HubException(
                        failure.getMessage() + "; it asks to wait "
                                + failure.shortestWait().toSeconds() + " s",
                        failure);
            }
            Duration wait = longer(backoff(), failure.shortestWait());
            listener.note(failure.getMessage() + "; trying again in " + tenths(wait) + " s");
            pause.await(wait);
        }

        private Duration backoff() {
            long full = FIRST_PAUSE.toMillis() << (failures - 1);
            return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static String tenths(Duration wait) {
        long tenths = wait.plusMillis(50).toMillis() / 100;
        return tenths / 10 + "." + tenths % 10;
    }

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after that time. */
        void await(Duration time) throws InterruptedException;
    }

    /** Work that may fail and be tried again. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws HubException, InterruptedException;
    }
}
