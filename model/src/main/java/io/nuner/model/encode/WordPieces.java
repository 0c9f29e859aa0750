package io.nuner.model.encode;

import java.util.Arrays;

/** The tokens of words that follow each other. Immutable. Any thread. */
public final class WordPieces {
    private final int[][] pieces;

    private WordPieces(int[][] pieces) {
        this.pieces = pieces;
    }

    /** Takes over the arrays: for each word its tokens, which may be none. */
    public static WordPieces of(int[][] pieces) {
        return new WordPieces(pieces);
    }

    /** How many words there are. */
    public int words() {
        return pieces.length;
    }

    /** How many tokens a word has. */
    public int tokens(int word) {
        return pieces[word].length;
    }

    /** How many tokens all have together. */
    public int tokens() {
        int tokens = 0;
        for (int[] word : pieces) {
            tokens += word.length;
        }
        return tokens;
    }

    /** Those of the words from {@code from} to before {@code to}. */
    public WordPieces range(int from, int to) {
        return new WordPieces(Arrays.copyOfRange(pieces, from, to));
    }

    /** These, and then the others. */
    public WordPieces followedBy(WordPieces others) {
        int[][] all = Arrays.copyOf(pieces, pieces.length + others.pieces.length);
        System.arraycopy(others.pieces, 0, all, pieces.length, others.pieces.length);
        return new WordPieces(all);
    }

    /** The same with at most the first {@code kept} tokens of each word that has more than {@code most}. */
    public WordPieces shortened(int most, int kept) {
        int[][] all = pieces.clone();
        for (int word = 0; word < all.length; word++) {
            if (all[word].length > most) {
                all[word] = Arrays.copyOf(all[word], kept);
            }
        }
        return new WordPieces(all);
    }

    /** The tokens of a word, not to be changed. */
    int[] of(int word) {
        return pieces[word];
    }
}
