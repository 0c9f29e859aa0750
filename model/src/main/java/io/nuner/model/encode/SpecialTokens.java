package io.nuner.model.encode;

/**
 * Vocabulary ids of the tokens that frame a row. Immutable.
 *
 * @param opening id of [CLS], first in every row
 * @param closing id of [SEP], last in every row
 * @param labelMarker id of {@code <<ENT>>}, before every label
 * @param promptEnd id of {@code <<SEP>>}, between the labels and the text
 */
public record SpecialTokens(int opening, int closing, int labelMarker, int promptEnd) {}
