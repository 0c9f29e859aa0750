package io.nuner.model.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * The merge_entities step of the NuNER Zero model card: an entity joins its predecessor in the list if both carry one label and
 * at most one code point, whichever it is, lies between them. Start and score of the first stay.
 */
final class AdjacentMerge {
    private AdjacentMerge() {}

    static List<EntitySpan> merge(List<EntitySpan> entities, String text) {
        List<EntitySpan> merged = new ArrayList<>(entities.size());
        for (EntitySpan next : entities) {
            int last = merged.size() - 1;
            if (last >= 0 && adjoins(merged.get(last), next, text)) {
                EntitySpan first = merged.get(last);
                merged.set(last, new EntitySpan(first.start(), next.end(), first.label(), first.score()));
            } else {
                merged.add(next);
            }
        }
        return merged;
    }

    private static boolean adjoins(EntitySpan current, EntitySpan next, String text) {
        return current.label() == next.label() && isNarrow(current.end(), next.start(), text);
    }

    /** True for a gap of no or one code point. */
    private static boolean isNarrow(int end, int start, String text) {
        int units = start - end;
        return units == 0
                || units == 1
                || (units == 2 && Character.isSurrogatePair(text.charAt(end), text.charAt(end + 1)));
    }
}
