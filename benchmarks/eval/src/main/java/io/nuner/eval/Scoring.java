package io.nuner.eval;

import io.nuner.eval.Labelled.Span;
import java.util.Collection;
import java.util.Set;

/**
 * Compares what was found with the gold standard, text by text. One thread at a time.
 *
 * <p>An entity is right if there is a gold entity of the same characters and label. A token is right with a label if both a
 * gold entity and a found entity of that label hold one of its characters. Each counts once for one text.
 */
public final class Scoring {
    private final Tally entities;
    private final Tally tokens;

    /** A comparison that knows these labels, even if they never occur. */
    public Scoring(Collection<String> labels) {
        entities = new Tally(labels);
        tokens = new Tally(labels);
    }

    /** Adds a text and the entities found in it; none for a text that could not be searched. */
    public void add(AnnotatedText text, Set<Span> found) {
        entities.add(text.entities(), found);
        tokens.add(text.tokensIn(text.entities()), text.tokensIn(found));
    }

    /** The count of entities. */
    public Tally entities() {
        return entities;
    }

    /** The count of pairs of token and label. */
    public Tally tokens() {
        return tokens;
    }
}
