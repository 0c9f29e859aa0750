package io.nuner.server.costs;

/**
 * The size of a batch. Immutable.
 *
 * @param rows texts
 * @param longestRow tokens of the longest one
 * @param tokens tokens of all
 */
public record BatchShape(int rows, int longestRow, int tokens) {
    public BatchShape {
        require(rows >= 1, "rows must be at least 1, but was ", rows);
        require(longestRow >= 1, "longestRow must be at least 1, but was ", longestRow);
        require(tokens >= longestRow + (rows - 1L), "tokens must be one for each row at least, but was ", tokens);
        require(tokens <= (long) rows * longestRow, "tokens must be rows times longestRow at most, but was ", tokens);
    }

    private static void require(boolean holds, String rule, int value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + value);
        }
    }

    /** The shape of rows of equal length. */
    public static BatchShape full(int rows, int longestRow) {
        return new BatchShape(rows, longestRow, Math.multiplyExact(rows, longestRow));
    }

    /** Tokens with each text padded to the longest. */
    public int paddedTokens() {
        return Math.multiplyExact(rows, longestRow);
    }
}
