package io.nuner.model.decode;

import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The joining of a text's entities: merge_entities of the NuNER Zero model card, where an entity joins its predecessor in the
 * list if that carries the same name and lies near. With several labels a span, entities of other names would come between; then
 * each name's entities are joined apart. Entities come in order, and leave in order once they cannot grow any more. Linear in the
 * entities. One thread, one text.
 */
final class NeighbourMerge {
    /** UTF-8 bytes of a joined entity at most, in a text of several windows. */
    static final int MAX_BYTES = 64 * 1024;

    private final DecodeOptions options;
    private final Thresholds labels;
    private final Words words;
    /** Those that have not left. */
    private final List<Joined> waiting = new ArrayList<>();

    private final @Nullable Joined[] lastOfName;
    private @Nullable Joined last;
    private boolean bounded;
    private int cut;

    NeighbourMerge(DecodeOptions options, Thresholds labels, Words words) {
        this.options = options;
        this.labels = labels;
        this.words = words;
        lastOfName = new Joined[labels.labels()];
    }

    /** From now on no joined entity grows past {@value #MAX_BYTES} bytes; the next part begins another one. */
    void bound() {
        bounded = true;
    }

    /** How many entities were ended for that reason. */
    int cut() {
        return cut;
    }

    /** Takes the next entities, by start. */
    void add(List<EntitySpan> entities) {
        entities.forEach(this::add);
    }

    /** The entities that have not left and that no entity from that word on can join, up to the first one that may grow. */
    List<EntitySpan> take(int nextWord) {
        int count = 0;
        while (count < waiting.size() && !mayGrow(waiting.get(count), nextWord)) {
            count++;
        }
        List<Joined> done = waiting.subList(0, count);
        List<EntitySpan> entities = new ArrayList<>(count);
        done.forEach(joined -> entities.add(joined.entity()));
        done.clear();
        return entities;
    }

    /** Where the first entity begins that has not left, if there is one; else the other index. */
    int firstStart(int otherwise) {
        return waiting.isEmpty() ? otherwise : waiting.get(0).first.start();
    }

    private void add(EntitySpan next) {
        int name = labels.name(next.label());
        Joined before = lastOfName[name];
        if (before != null && isGrowing(before) && bridges(before, next.start()) && hasRoom(before, next)) {
            before.end = next.end();
            return;
        }
        Joined joined = new Joined(next);
        lastOfName[name] = joined;
        last = joined;
        waiting.add(joined);
    }

    private boolean isGrowing(Joined lastOfItsName) {
        return options.multiLabel() || lastOfItsName == last;
    }

    private boolean bridges(Joined joined, int start) {
        return options.merging().bridges(words.text(), joined.end, start);
    }

    /** Counts the bytes, and the entity as cut if they are too many. */
    private boolean hasRoom(Joined joined, EntitySpan next) {
        if (!bounded) {
            return true;
        }
        if (joined.bytes == 0) {
            joined.bytes = OffsetConverter.utf8Length(words.text(), joined.first.start(), joined.end);
        }
        joined.bytes += OffsetConverter.utf8Length(words.text(), joined.end, next.end());
        boolean room = joined.bytes <= MAX_BYTES;
        cut += room ? 0 : 1;
        return room;
    }

    private boolean mayGrow(Joined joined, int nextWord) {
        if (lastOfName[labels.name(joined.first.label())] != joined || !isGrowing(joined)) {
            return false;
        }
        int word = nextWord;
        while (word < words.count() && words.start(word) < joined.end) {
            word++;
        }
        return word < words.count() && bridges(joined, words.start(word));
    }

    /** Entities that are one. */
    private static final class Joined {
        private final EntitySpan first;
        private int end;
        /** In UTF-8, once they are counted. */
        private long bytes;

        private Joined(EntitySpan first) {
            this.first = first;
            end = first.end();
        }

        private EntitySpan entity() {
            return end == first.end() ? first : new EntitySpan(first.start(), end, first.label(), first.score());
        }
    }
}
