package io.nuner.engine.testing;

import io.nuner.engine.TokenRow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Token rows that no text ever had: mixed lengths, labels, and words without a token. One thread at a time. */
public final class RandomRows {
    private final SplittableRandom random;
    private final int vocabularySize;

    /** Rows that depend on the seed alone. */
    public RandomRows(long seed, int vocabularySize) {
        random = new SplittableRandom(seed);
        this.vocabularySize = vocabularySize;
    }

    /** A row: two tokens for each label, one for each word, two around them; every fifth word or so has no token. */
    public TokenRow row(int labels, int words) {
        int[] tokenIds = new int[2 + 2 * labels + words];
        for (int i = 0; i < tokenIds.length; i++) {
            tokenIds[i] = random.nextInt(vocabularySize);
        }
        int[] labelTokens = new int[labels];
        for (int label = 0; label < labels; label++) {
            labelTokens[label] = 1 + 2 * label;
        }
        int[] wordTokens = new int[words];
        for (int word = 0; word < words; word++) {
            wordTokens[word] = random.nextInt(5) == 0 ? TokenRow.NO_TOKEN : 1 + 2 * labels + word;
        }
        return TokenRow.copyOf(tokenIds, wordTokens, labelTokens);
    }

    /** Rows of 1 to 6 labels and 1 to {@code mostWords} words. */
    public List<TokenRow> rows(int count, int mostWords) {
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(1 + random.nextInt(6), 1 + random.nextInt(mostWords)));
        }
        return rows;
    }
}
