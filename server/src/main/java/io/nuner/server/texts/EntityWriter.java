package io.nuner.server.texts;

import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.window.LabelSet;
import io.nuner.v1.Entity;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writer of a text's entities as its caller gets them, with offsets in the caller's unit. One thread at a time.
 *
 * <p>Entities come part by part. Each part begins where the one before it was done, so all parts together take about one pass
 * over the text, whatever is nested in what.
 */
public final class EntityWriter {
    private final String text;
    private final LabelSet labels;
    private final OffsetConverter done;

    EntityWriter(String text, LabelSet labels, OffsetUnit unit) {
        this.text = text;
        this.labels = labels;
        done = new OffsetConverter(text, unit);
    }

    /**
     * The next entities.
     *
     * @param until UTF-16 index up to which the text is done with this part
     */
    Part write(List<EntitySpan> spans, int until) {
        OffsetConverter ahead = done.copy();
        int[] indices = spans.stream()
                .flatMapToInt(span -> IntStream.of(span.start(), span.end()))
                .sorted()
                .distinct()
                .toArray();
        int[] offsets = Arrays.stream(indices).map(ahead::convert).toArray();
        return new Part(new Entities(spans, indices, offsets), done.convert(until));
    }

    /** Entities that are made when they are asked for: with their texts and labels they are much larger than their spans. */
    private final class Entities extends AbstractList<Entity> {
        private final List<EntitySpan> spans;
        private final int[] indices;
        private final int[] offsets;

        Entities(List<EntitySpan> spans, int[] indices, int[] offsets) {
            this.spans = spans;
            this.indices = indices;
            this.offsets = offsets;
        }

        @Override
        public Entity get(int index) {
            EntitySpan span = spans.get(index);
            return Entity.newBuilder()
                    .setStart(offsets[Arrays.binarySearch(indices, span.start())])
                    .setEnd(offsets[Arrays.binarySearch(indices, span.end())])
                    .setText(text.substring(span.start(), span.end()))
                    .setLabel(labels.name(span.label()))
                    .setLabelIndex(span.label())
                    .setScore(span.score())
                    .build();
        }

        @Override
        public int size() {
            return spans.size();
        }
    }

    /** Another index in the caller's unit. */
    int offset(int utf16Index) {
        return done.copy().convert(utf16Index);
    }

    /**
     * Some of a text's entities. Immutable.
     *
     * @param entities in order, each made anew whenever it is asked for
     * @param until offset up to which the text is done
     */
    public record Part(List<Entity> entities, int until) {}
}
