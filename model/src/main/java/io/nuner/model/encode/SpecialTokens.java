package io.nuner.model.encode;

import java.util.stream.IntStream;

/**
 * Vocabulary ids of the tokens that frame a row. Immutable.
 *
 * @param opening id of [CLS], first in every row
 * @param closing id of [SEP], last in every row
 * @param labelMarker id of {@code <<ENT>>}, before every label
 * @param promptEnd id of {@code <<SEP>>}, between the labels and the text
 */
public record SpecialTokens(int opening, int closing, int labelMarker, int promptEnd) {
    /**
     * Refuses ids that a vocabulary does not have.
     *
     * @throws IllegalArgumentException if one is negative or not below {@code vocabularySize}
     */
    public void requireBelow(int vocabularySize) {
        if (IntStream.of(opening, closing, labelMarker, promptEnd).anyMatch(id -> id < 0 || id >= vocabularySize)) {
            throw new IllegalArgumentException("specialTokens must be from 0 to " + (vocabularySize - 1));
        }
    }
}
