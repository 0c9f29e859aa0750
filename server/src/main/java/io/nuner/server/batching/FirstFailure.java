package io.nuner.server.batching;

import org.jspecify.annotations.Nullable;

/** Does several steps even if some throw, and throws the first failure at the end. One thread at a time. */
public final class FirstFailure {
    private @Nullable RuntimeException exception;
    private @Nullable Error error;

    /** Does a step; keeps what it throws. */
    public void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            exception = exception == null ? e : exception;
        } catch (Error e) {
            error = error == null ? e : error;
        }
    }

    /** Throws what was kept, an error before an exception; returns if no step threw. */
    public void rethrow() {
        if (error != null) {
            throw error;
        }
        if (exception != null) {
            throw exception;
        }
    }
}
