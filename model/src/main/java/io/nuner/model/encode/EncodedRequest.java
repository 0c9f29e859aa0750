package io.nuner.model.encode;

import io.nuner.engine.TokenRow;
import io.nuner.model.text.Words;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A text and its labels, ready for an engine. Immutable.
 *
 * @param words the words the row holds
 * @param row the tokens: opening token, labels, words, closing token
 * @param promptTokens tokens from the opening token to the end of the labels, both included
 * @param textTokens tokens of the words, and the closing token
 */
public record EncodedRequest(Words words, TokenRow row, int promptTokens, int textTokens) {
    public EncodedRequest {
        if (promptTokens + textTokens != row.tokenCount()) {
            throw new IllegalArgumentException(promptTokens + " tokens of the prompt and " + textTokens
                    + " of the text do not make a row of " + row.tokenCount());
        }
    }

    /**
     * The same with only the first words, as many as fit into a row of that number of tokens; this if all fit, nothing if
     * none does.
     */
    public Optional<EncodedRequest> fitting(int maxTokens) {
        int kept = words.count();
        int end = row.tokenCount() - 1; // the closing token goes here, behind the kept words
        while (kept > 0 && end >= maxTokens) {
            kept--;
            end = row.wordToken(kept) == TokenRow.NO_TOKEN ? end : row.wordToken(kept);
        }
        if (kept == words.count()) {
            return Optional.of(this);
        }
        return kept == 0 ? Optional.empty() : Optional.of(first(kept, end));
    }

    private EncodedRequest first(int kept, int end) {
        int[] tokens = IntStream.rangeClosed(0, end).map(row::tokenId).toArray();
        tokens[end] = row.tokenId(row.tokenCount() - 1);
        int[] wordTokens = IntStream.range(0, kept).map(row::wordToken).toArray();
        int[] labelTokens =
                IntStream.range(0, row.labelCount()).map(row::labelToken).toArray();
        TokenRow cut = TokenRow.copyOf(tokens, wordTokens, labelTokens);
        return new EncodedRequest(words.first(kept), cut, promptTokens, tokens.length - promptTokens);
    }
}
