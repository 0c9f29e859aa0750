package io.nuner.eval;

/** An entity of a text: characters {@code [start, end)}, counted in UTF-16 units, and its label. */
public record Span(int start, int end, String label) implements Labelled {}
