package io.nuner.client;

import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Timings;
import io.nuner.v1.Usage;
import java.util.List;

/**
 * The entities of one text. Immutable.
 *
 * @param entities ordered by start
 * @param usage what was processed; says whether the text was truncated
 * @param timings where the time went on the server
 */
public record Extraction(List<Entity> entities, Usage usage, Timings timings) {
    public Extraction {
        entities = List.copyOf(entities);
    }

    static Extraction of(ExtractResponse response) {
        return new Extraction(
                response.getEntitiesList().stream().map(Entity::of).toList(),
                response.getUsage(),
                response.getTimings());
    }
}
