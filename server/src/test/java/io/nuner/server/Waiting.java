package io.nuner.server;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. Any thread. */
public final class Waiting {
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000;

    private Waiting() {}

    /** Returns when the condition holds; fails if it does not within 20 s. */
    public static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("not within 20 s");
            }
            pause();
        }
    }

    /** Leaves the processor to others for about a millisecond. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
