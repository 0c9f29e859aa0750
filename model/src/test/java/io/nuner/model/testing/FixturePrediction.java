package io.nuner.model.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * The reference's entities for one setting. Immutable.
 *
 * @param nearThreshold true if a score lies so near the threshold that rounding may decide
 * @param entities as the model found them; none where the reference failed on a blank text
 * @param merged the same after merge_entities of the model card, which looks at the predecessor in the list only
 */
public record FixturePrediction(
        FixtureOptions options, boolean nearThreshold, List<FixtureEntity> entities, List<FixtureEntity> merged) {

    public FixturePrediction {
        entities = List.copyOf(entities);
        merged = List.copyOf(merged);
    }

    /**
     * What this server makes of adjacent entities: the same as the card where each word has one label, else the card's step
     * for each label alone.
     */
    public List<FixtureEntity> merged(String text) {
        if (!options.multiLabel()) {
            return merged;
        }
        List<FixtureEntity> joined = new ArrayList<>();
        for (FixtureEntity next : entities) {
            FixtureEntity last = null;
            for (FixtureEntity other : joined) {
                last = other.label().equals(next.label()) ? other : last;
            }
            int gap = last == null ? -1 : next.start() - last.end();
            if (last != null && (gap == 0 || gap == 1)) {
                joined.set(joined.indexOf(last), last.extendedTo(next.end(), text));
            } else {
                joined.add(next);
            }
        }
        return joined;
    }
}
