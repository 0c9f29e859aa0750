package io.nuner.capacity.simulation;

/**
 * One text of a trace. Immutable.
 *
 * @param atNanos when it arrives, from the start of the trace
 * @param tokens labels and text together
 * @param tenant whose it is
 * @param bulk whether nobody waits for it
 * @param timeoutNanos how long its caller waits
 */
public record Arrival(long atNanos, int tokens, String tenant, boolean bulk, long timeoutNanos) {
    public Arrival {
        require("atNanos", atNanos >= 0, atNanos);
        require("tokens", tokens >= 1, tokens);
        require("timeoutNanos", timeoutNanos >= 1, timeoutNanos);
    }

    private static void require(String name, boolean holds, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
