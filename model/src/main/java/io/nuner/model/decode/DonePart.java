package io.nuner.model.decode;

import java.util.ArrayList;
import java.util.List;

/** The part of a text that is done: no entity reaches out of it or into it. One thread. */
final class DonePart {
    /** Entities that were given and end behind the part, by start. */
    private final List<EntitySpan> open = new ArrayList<>();

    /**
     * The end of the part, a UTF-16 index that never falls.
     *
     * @param given the entities given since the last call, by start
     * @param limit an index before which no other entity will start; never falls
     */
    int end(List<EntitySpan> given, int limit) {
        open.addAll(given);
        int end = limit;
        for (int i = open.size() - 1; i >= 0; i--) {
            EntitySpan entity = open.get(i);
            if (entity.start() < end && end < entity.end()) {
                end = entity.start();
            }
        }
        int done = end;
        open.removeIf(entity -> entity.end() <= done);
        return done;
    }
}
