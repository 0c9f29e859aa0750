package io.nuner.capacity.simulation;

/**
 * A document that is there from the start of a simulation, whose rows follow one another as they are answered. Immutable.
 *
 * @param rowTokens tokens of each row
 * @param inFlight rows that wait or run at once, at most
 * @param tenant whose it is
 * @param endNanos when the last row starts
 */
public record Book(int rowTokens, int inFlight, String tenant, long endNanos) {
    /** How long its caller waits. */
    static final long TIMEOUT_NANOS = 900_000_000_000L;

    public Book {
        require("rowTokens", rowTokens);
        require("inFlight", inFlight);
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
        }
    }
}
