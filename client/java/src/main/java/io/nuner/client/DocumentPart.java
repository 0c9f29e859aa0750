package io.nuner.client;

import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.List;

/**
 * Entities of a document that are certain, and how far the document is done. Immutable.
 *
 * @param entities the next ones, ordered by start; may be empty
 * @param safeUntil up to where the document is done, in the unit that was asked for: entities that start before it have all
 *     come and none of them ends behind it
 * @param isLast whether the whole document is done
 * @param usage what was processed; in the last part only
 * @param timings where the time went on the server; in the last part only
 */
public record DocumentPart(List<Entity> entities, int safeUntil, boolean isLast, Usage usage, Timings timings) {
    public DocumentPart {
        entities = List.copyOf(entities);
    }

    static DocumentPart of(ExtractDocumentResponse message) {
        return new DocumentPart(
                message.getEntitiesList().stream().map(Entity::of).toList(),
                message.getSafeUntil(),
                message.hasUsage(),
                message.getUsage(),
                message.getTimings());
    }
}
