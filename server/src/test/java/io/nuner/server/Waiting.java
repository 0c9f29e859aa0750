package io.nuner.server;

import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. Any thread. */
public final class Waiting {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Waiting() {}

    /** Returns when the condition holds; fails if it does not within 20 s. */
    public static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("not within 20 s");
            }
            Thread.onSpinWait();
        }
    }
}
