package io.nuner.model.testing;

import java.util.List;

/**
 * The reference's entities for one setting. Immutable.
 *
 * @param nearThreshold true if a score lies so near the threshold that rounding may decide
 * @param entities as the model found them; none where the reference failed on a blank text
 * @param merged the same after joining adjacent entities of one label
 */
public record FixturePrediction(
        FixtureOptions options, boolean nearThreshold, List<FixtureEntity> entities, List<FixtureEntity> merged) {

    public FixturePrediction {
        entities = List.copyOf(entities);
        merged = List.copyOf(merged);
    }
}
