package io.nuner.server;

import org.jspecify.annotations.Nullable;

/** The wait between NOT_SERVING and the end of calls. One thread waits, any thread may cut it short. */
final class Notice {
    private @Nullable Thread giver;
    private boolean cutShort;

    /** Waits, unless the notice has been cut short. */
    void give(Wait wait) throws InterruptedException {
        if (!begin()) {
            return;
        }
        try {
            wait.run();
        } catch (InterruptedException e) {
            if (!isCutShort()) {
                throw e;
            }
        } finally {
            end();
        }
    }

    /** Ends the wait, even before it begins; false if it was cut short before. */
    synchronized boolean cutShort() {
        if (cutShort) {
            return false;
        }
        cutShort = true;
        if (giver != null) {
            giver.interrupt();
        }
        return true;
    }

    private synchronized boolean begin() {
        giver = Thread.currentThread();
        return !cutShort;
    }

    private synchronized boolean isCutShort() {
        return cutShort;
    }

    private synchronized void end() {
        giver = null;
        if (cutShort) {
            Thread.interrupted(); // the interrupt may come after the wait has ended
        }
    }

    /** The wait itself. */
    @FunctionalInterface
    interface Wait {
        void run() throws InterruptedException;
    }
}
