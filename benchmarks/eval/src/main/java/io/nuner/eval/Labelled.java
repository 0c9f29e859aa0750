package io.nuner.eval;

/** What can be right or wrong and counts for one label. */
public sealed interface Labelled {
    String label();

    /** An entity of a text: characters {@code [start, end)}, counted in UTF-16 units, and its label. */
    record Span(int start, int end, String label) implements Labelled {}

    /** A token, by its number in its sentence, that lies in an entity of the label. */
    record Token(int number, String label) implements Labelled {}
}
