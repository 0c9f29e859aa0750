package io.nuner.model.testing;

/** The setting of one prediction. Immutable. */
public record FixtureOptions(boolean flatNer, boolean multiLabel, double threshold) {}
