package io.nuner.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The joining of a text's entities: merge_entities of the NuNER Zero model card, where an entity joins its predecessor in the
 * list if that carries the same label and lies near. With several labels a span, entities of
 * other labels would come between; then each label's entities are joined apart. Linear in the entities. One thread, one text.
 */
final class NeighbourMerge {
    private static final int NONE = -1;

    private final DecodeOptions options;
    private final String text;
    private final List<EntitySpan> merged = new ArrayList<>();
    /** By label: the place in {@link #merged} of its last entity. */
    private final int[] lastOfLabel;

    private NeighbourMerge(DecodeOptions options, String text, int labels) {
        this.options = options;
        this.text = text;
        lastOfLabel = new int[labels];
        Arrays.fill(lastOfLabel, NONE);
    }

    /**
     * The entities with neighbours joined, by start.
     *
     * @param entities by start
     * @param labels all labels are below this
     */
    static List<EntitySpan> merge(List<EntitySpan> entities, DecodeOptions options, String text, int labels) {
        if (options.merging() == Merging.NONE) {
            return entities;
        }
        NeighbourMerge merge = new NeighbourMerge(options, text, labels);
        entities.forEach(merge::add);
        return merge.merged;
    }

    private void add(EntitySpan next) {
        int place = lastOfLabel[next.label()];
        boolean neighbours = place != NONE && (options.multiLabel() || place == merged.size() - 1);
        if (neighbours && options.merging().bridges(text, merged.get(place).end(), next.start())) {
            EntitySpan first = merged.get(place);
            merged.set(place, new EntitySpan(first.start(), next.end(), first.label(), first.score()));
        } else {
            lastOfLabel[next.label()] = merged.size();
            merged.add(next);
        }
    }
}
