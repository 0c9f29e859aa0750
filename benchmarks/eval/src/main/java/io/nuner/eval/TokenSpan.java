package io.nuner.eval;

/**
 * Neighbouring tokens {@code [first, end)} of a sentence that are one entity.
 *
 * @param type as the file names it
 */
public record TokenSpan(int first, int end, String type) {
    public TokenSpan {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException("a span of tokens must not be empty: [" + first + ", " + end + ")");
        }
    }
}
