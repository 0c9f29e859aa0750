package io.nuner.engine;

/**
 * What one batch may hold.
 *
 * @param maxRows rows
 * @param maxRowTokens tokens of one row
 * @param maxBatchTokens padded tokens: rows times the longest row
 * @param maxLabels labels of one row
 */
public record EngineLimits(int maxRows, int maxRowTokens, int maxBatchTokens, int maxLabels) {
    public EngineLimits {
        require("maxRows", maxRows);
        require("maxRowTokens", maxRowTokens);
        require("maxBatchTokens", maxBatchTokens);
        require("maxLabels", maxLabels);
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
        }
    }

    /** The same, but no row longer than the model reads. */
    public EngineLimits within(ModelGraphs graphs) {
        return new EngineLimits(maxRows, Math.min(maxRowTokens, graphs.maxRowTokens()), maxBatchTokens, maxLabels);
    }

    /** True if one more row fits beside {@code rows} rows of at most {@code longest} tokens. */
    public boolean admits(int rows, int longest, int tokens) {
        long padded = (rows + 1L) * Math.max(longest, tokens);
        return rows == 0 || (rows < maxRows && padded <= maxBatchTokens);
    }

    /**
     * Refuses a batch that no lane may run.
     *
     * @throws IllegalArgumentException naming the limit
     */
    public void check(PackedBatch batch) {
        requireAtMost("rows", batch.rowCount(), maxRows);
        requireAtMost("tokens of one row", batch.longestRow(), maxRowTokens);
        requireAtMost("labels of one row", batch.mostLabels(), maxLabels);
        long padded = (long) batch.rowCount() * batch.longestRow();
        requireAtMost("padded tokens", padded, Math.max(maxBatchTokens, maxRowTokens));
    }

    private static void requireAtMost(String name, long value, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException("a batch of " + value + " " + name + " exceeds the limit " + limit);
        }
    }
}
