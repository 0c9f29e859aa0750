package io.nuner.model.testing;

/** An entity the reference found; offsets count code points, the end is exclusive. Immutable. */
public record FixtureEntity(int start, int end, String text, String label, double score) {}
