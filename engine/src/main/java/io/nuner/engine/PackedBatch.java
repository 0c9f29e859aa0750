package io.nuner.engine;

import java.util.List;

/**
 * Rows that run in one forward pass, and the sizes an engine needs to lay them out. Immutable.
 *
 * <p>Rows may differ in length, words and labels; an engine computes each as if it ran alone.
 */
public final class PackedBatch {
    /** A product with a single row may add in another order than the same row among others: a word alone is padded, too. */
    private static final int LEAST_WORDS = 2;

    private final List<TokenRow> rows;
    private final int tokens;
    private final int longestRow;
    private final int words;
    private final int mostWords;
    private final int mostLabels;

    private PackedBatch(List<TokenRow> rows) {
        this.rows = rows;
        int tokenSum = 0;
        int wordSum = 0;
        int longest = 0;
        int widestText = LEAST_WORDS;
        int widestPrompt = 0;
        for (TokenRow row : rows) {
            tokenSum = Math.addExact(tokenSum, row.tokenCount());
            wordSum = Math.addExact(wordSum, row.wordCount());
            longest = Math.max(longest, row.tokenCount());
            widestText = Math.max(widestText, row.wordCount());
            widestPrompt = Math.max(widestPrompt, row.labelCount());
        }
        tokens = tokenSum;
        words = wordSum;
        longestRow = longest;
        mostWords = widestText;
        mostLabels = widestPrompt;
    }

    /**
     * A batch of the given rows, in their order.
     *
     * @throws IllegalArgumentException if there is no row
     */
    public static PackedBatch of(List<TokenRow> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one row");
        }
        return new PackedBatch(List.copyOf(rows));
    }

    /** The rows; index i here is row i of the {@link Logits}. */
    public List<TokenRow> rows() {
        return rows;
    }

    /** Number of rows, called B in shapes. */
    public int rowCount() {
        return rows.size();
    }

    /** Tokens of all rows together, called T in shapes. */
    public int tokenCount() {
        return tokens;
    }

    /** Tokens of the longest row, called S in shapes. */
    public int longestRow() {
        return longestRow;
    }

    /** Words of all rows together. */
    public int wordCount() {
        return words;
    }

    /** Words of the row that has most, at least {@value #LEAST_WORDS}; called W in shapes. */
    public int mostWords() {
        return mostWords;
    }

    /** Labels of the row that has most, called C in shapes. */
    public int mostLabels() {
        return mostLabels;
    }
}
