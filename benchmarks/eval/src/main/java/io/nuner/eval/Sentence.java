package io.nuner.eval;

import java.util.List;

/**
 * One text of an annotated file. Immutable.
 *
 * @param entities in the order of the file; may overlap
 * @param place where it stands, for messages, e.g. {@code test.txt:17}
 */
public record Sentence(List<String> tokens, List<TokenSpan> entities, String place) {
    public Sentence {
        tokens = List.copyOf(tokens);
        entities = List.copyOf(entities);
    }
}
