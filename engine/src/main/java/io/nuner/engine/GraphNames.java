package io.nuner.engine;

/**
 * Names and shapes of the tensors of the two exported graphs.
 *
 * <p>Sizes: B rows, T tokens of all rows, S tokens of the longest row, N words of all rows, W words of the row that has
 * most, at least 2, K widths, C labels of the row that has most, H hidden size of the encoder. All integers are int32, all other
 * values float32.
 *
 * <p>The encoder runs embeddings, projections, feed-forward and layer norms on exactly T tokens. Only attention works on
 * a padded {@code [B, heads, S, S]} view, entered by {@link #PAD_INDEX} and left by {@link #UNPAD_INDEX}.
 */
public final class GraphNames {
    /** Encoder input {@code [T]}: token ids of all rows, one row after the other. */
    public static final String TOKEN_IDS = "token_ids";

    /** Encoder input {@code [B, S]}: index into T of each padded place; padding points at any token, by custom 0. */
    public static final String PAD_INDEX = "pad_index";

    /** Encoder input {@code [T]}: index into {@code B * S} of each token, row * S + position. */
    public static final String UNPAD_INDEX = "unpad_index";

    /** Encoder input {@code [B]}: tokens of each row. */
    public static final String ROW_LENGTHS = "row_lengths";

    /** Encoder input {@code [M]}: indices into T of the tokens whose hidden states the head needs. */
    public static final String NEEDED_TOKENS = "needed_tokens";

    /** Encoder output and head input {@code [M, H]}: hidden states of the needed tokens. */
    public static final String HIDDEN_STATES = "hidden_states";

    /** Head input {@code [N]}: for each word its row of {@link #HIDDEN_STATES}; M for a word without a token. */
    public static final String WORD_INDEX = "word_index";

    /** Head input {@code [B, W]}: index into N of each padded word; padding points at any word, by custom 0. */
    public static final String WORD_PAD_INDEX = "word_pad_index";

    /** Head input {@code [N]}: index into {@code W * B} of each word, word * B + row (time-major, as the LSTM has it). */
    public static final String WORD_UNPAD_INDEX = "word_unpad_index";

    /** Head input {@code [N]}: words from this one to the last of its row, this one excluded. */
    public static final String WORDS_LEFT = "words_left";

    /** Head input {@code [B]}: words of each row. */
    public static final String WORD_COUNTS = "word_counts";

    /** Head input {@code [B, C]}: row of {@link #HIDDEN_STATES} of each label; padding points at any, by custom 0. */
    public static final String LABEL_INDEX = "label_index";

    /** Head output {@code [B, W, K, C]}. */
    public static final String LOGITS = "logits";

    private GraphNames() {}
}
