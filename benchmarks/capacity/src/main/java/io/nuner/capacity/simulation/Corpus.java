package io.nuner.capacity.simulation;

/**
 * Texts without end that one stream brings, each as soon as there is room for it. Immutable.
 *
 * @param tokens of each text
 * @param inFlight texts that wait or run at once, at most
 * @param tenant whose they are
 * @param bulk whether nobody waits for them
 * @param endNanos when the last text starts
 */
public record Corpus(int tokens, int inFlight, String tenant, boolean bulk, long endNanos) {
    /** How long each text may take. */
    static final long TIMEOUT_NANOS = 10_000_000_000L;

    public Corpus {
        require("tokens", tokens);
        require("inFlight", inFlight);
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
        }
    }
}
