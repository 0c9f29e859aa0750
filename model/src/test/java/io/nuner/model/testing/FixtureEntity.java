package io.nuner.model.testing;

/** An entity the reference found; offsets count code points, the end is exclusive. Immutable. */
public record FixtureEntity(int start, int end, String text, String label, double score) {
    FixtureEntity extendedTo(int newEnd, String wholeText) {
        int from = wholeText.offsetByCodePoints(0, start);
        int to = wholeText.offsetByCodePoints(0, newEnd);
        return new FixtureEntity(start, newEnd, wholeText.substring(from, to), label, score);
    }
}
