package io.nuner.model.encode;

import io.nuner.engine.TokenRow;
import io.nuner.model.text.Words;

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
}
