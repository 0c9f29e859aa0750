package io.nuner.server;

import org.jspecify.annotations.Nullable;

/** The wait between NOT_SERVING and the end of calls, which may be cut short. Given by one thread, cut short by any. */
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

    /** Ends the wait, also one that has not begun; false if it was cut short before. */
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
            Thread.interrupted(); // meant for this wait, which may have ended before it came
        }
    }

    /** What takes the time. */
    @FunctionalInterface
    interface Wait {
        void run() throws InterruptedException;
    }
}
