package io.nuner.model.encode;

import io.nuner.model.text.Words;

/** What makes rows of words and labels. Any thread. */
public interface TextEncoder {
    /** The tokens of the words. */
    WordPieces pieces(Words words);

    /**
     * The row of words and labels.
     *
     * @param pieces the tokens of these words
     * @throws IllegalArgumentException if there is no word or no label, or the prompt has a problem
     */
    EncodedRequest encode(Words words, WordPieces pieces, Prompt prompt);
}
