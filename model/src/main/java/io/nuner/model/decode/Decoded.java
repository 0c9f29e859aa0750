package io.nuner.model.decode;

import java.util.Collections;
import java.util.List;

/**
 * What is certain about a text after a window. Immutable.
 *
 * @param entities the next entities, in order
 * @param safeUntil UTF-16 index up to which the text is done: all entities that start before it were given, none of them ends
 *     behind it, and none that comes later starts before it. Never falls; in the end, the length of the text
 */
public record Decoded(List<EntitySpan> entities, int safeUntil) {
    public Decoded {
        entities = Collections.unmodifiableList(entities);
    }
}
