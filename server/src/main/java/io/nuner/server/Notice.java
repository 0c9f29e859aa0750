package io.nuner.server;

import org.jspecify.annotations.Nullable;

/** The wait between NOT_SERVING and the end of calls, which may be cut short. Given by one thread, cut short by any. */
final class Notice {
    private @Nullable Thread giver;
    private boolean over;

    /** Waits, unless the notice has been cut short. */
    void give(Wait wait) throws InterruptedException {
        if (!begin()) {
            return;
        }
        try {
            wait.run();
        } catch (InterruptedException e) {
            if (!isOver()) {
                throw e;
            }
        } finally {
            end();
        }
    }

    /** Ends the wait, also one that has not begun; false if it was over. */
    synchronized boolean cutShort() {
        if (over) {
            return false;
        }
        over = true;
        if (giver != null) {
            giver.interrupt();
        }
        return true;
    }

    private synchronized boolean begin() {
        giver = Thread.currentThread();
        return !over;
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized void end() {
        giver = null;
        if (over) {
            Thread.interrupted(); // meant for this wait, which may have ended before it came
        }
        over = true;
    }

    /** What takes the time. */
    @FunctionalInterface
    interface Wait {
        void run() throws InterruptedException;
    }
}
