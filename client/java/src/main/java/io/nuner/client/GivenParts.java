package io.nuner.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the reader of a document has, so that a text that is searched again gives the rest only. One thread at a time. */
final class GivenParts {
    /** Entities that were given and do not start before {@link #safeUntil}: with several labels on a span, or nested ones. */
    private final Set<Span> ahead = new HashSet<>();

    private int safeUntil = -1;
    private boolean whole;

    /** What tells entities of one text apart. The score is left out: another server may round it otherwise. */
    private record Span(int start, int end, String label) {
        static Span of(Entity entity) {
            return new Span(entity.start(), entity.end(), entity.label());
        }
    }

    /** What the reader does not have of a part; null if it has all. */
    @Nullable
    DocumentPart rest(DocumentPart part) {
        List<Entity> entities =
                part.entities().stream().filter(entity -> !isGiven(entity)).toList();
        if (entities.isEmpty() && part.safeUntil() <= safeUntil && !part.isLast()) {
            return null;
        }
        whole = part.isLast();
        safeUntil = Math.max(safeUntil, part.safeUntil());
        entities.stream().map(Span::of).forEach(ahead::add);
        ahead.removeIf(span -> span.start() < safeUntil);
        return new DocumentPart(entities, safeUntil, whole, part.usage(), part.timings());
    }

    private boolean isGiven(Entity entity) {
        return entity.start() < safeUntil || ahead.contains(Span.of(entity));
    }

    /** Whether the last part was given. */
    boolean areWhole() {
        return whole;
    }
}
