package io.nuner.engine;

import java.util.Arrays;

/**
 * One text as the engine sees it: token ids, and where in them the words and the labels sit. Immutable.
 *
 * <p>Positions count tokens from the start of this row. A word that produced no token has the position {@link
 * #NO_TOKEN}; the engine feeds a zero vector in its place.
 */
public final class TokenRow {
    /** Position of a word that has no token. */
    public static final int NO_TOKEN = -1;

    private final int[] tokenIds;
    private final int[] wordTokens;
    private final int[] labelTokens;

    private TokenRow(int[] tokenIds, int[] wordTokens, int[] labelTokens) {
        this.tokenIds = tokenIds;
        this.wordTokens = wordTokens;
        this.labelTokens = labelTokens;
    }

    /**
     * Copies the arrays.
     *
     * @param tokenIds the whole row, opening and closing tokens included
     * @param wordTokens for each word the position of its first token, or {@link #NO_TOKEN}
     * @param labelTokens for each label the position of its marker token
     * @throws IllegalArgumentException if an array is empty or a position lies outside the row
     */
    public static TokenRow copyOf(int[] tokenIds, int[] wordTokens, int[] labelTokens) {
        requireFilled("tokenIds", tokenIds);
        requireFilled("wordTokens", wordTokens);
        requireFilled("labelTokens", labelTokens);
        requirePositions("wordTokens", wordTokens, NO_TOKEN, tokenIds.length);
        requirePositions("labelTokens", labelTokens, 0, tokenIds.length);
        return new TokenRow(tokenIds.clone(), wordTokens.clone(), labelTokens.clone());
    }

    private static void requireFilled(String name, int[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
    }

    private static void requirePositions(String name, int[] positions, int lowest, int tokens) {
        for (int position : positions) {
            if (position < lowest || position >= tokens) {
                throw new IllegalArgumentException(
                        name + " holds " + position + ", outside a row of " + tokens + " tokens");
            }
        }
    }

    /** Tokens in the row, opening and closing tokens included. */
    public int tokenCount() {
        return tokenIds.length;
    }

    /** Words of the text, those without a token included. */
    public int wordCount() {
        return wordTokens.length;
    }

    /** Labels of the prompt. */
    public int labelCount() {
        return labelTokens.length;
    }

    /** The vocabulary id at a position. */
    public int tokenId(int position) {
        return tokenIds[position];
    }

    /** Position of the word's first token, or {@link #NO_TOKEN}. */
    public int wordToken(int word) {
        return wordTokens[word];
    }

    /** Position of the label's marker token. */
    public int labelToken(int label) {
        return labelTokens[label];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRow row
                && Arrays.equals(tokenIds, row.tokenIds)
                && Arrays.equals(wordTokens, row.wordTokens)
                && Arrays.equals(labelTokens, row.labelTokens);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(tokenIds) + Arrays.hashCode(wordTokens)) + Arrays.hashCode(labelTokens);
    }

    /** Sizes only: token ids spell the user's text. */
    @Override
    public String toString() {
        return "TokenRow[tokens=" + tokenCount() + ", words=" + wordCount() + ", labels=" + labelCount() + "]";
    }
}
