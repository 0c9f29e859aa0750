package io.nuner.model.encode;

import io.nuner.engine.TokenRow;

/** A token row being put together, left to right. One thread, one row. */
final class RowAssembly {
    private final int[] tokens;
    private final int[] labelTokens;
    private final int[] wordTokens;
    private int length;
    private int labels;
    private int words;

    RowAssembly(int tokens, int labels, int words) {
        this.tokens = new int[tokens];
        this.labelTokens = new int[labels];
        this.wordTokens = new int[words];
    }

    /** Tokens so far. */
    int length() {
        return length;
    }

    void token(int id) {
        tokens[length++] = id;
    }

    void label(int marker, int[] pieces) {
        labelTokens[labels++] = length;
        token(marker);
        append(pieces);
    }

    void word(int[] pieces) {
        wordTokens[words++] = pieces.length == 0 ? TokenRow.NO_TOKEN : length;
        append(pieces);
    }

    TokenRow row() {
        return TokenRow.copyOf(tokens, wordTokens, labelTokens);
    }

    private void append(int[] pieces) {
        System.arraycopy(pieces, 0, tokens, length, pieces.length);
        length += pieces.length;
    }
}
