package io.nuner.model.testing;

/** A word of a text; offsets count code points, the end is exclusive. Immutable. */
public record FixtureWord(String text, int start, int end) {}
