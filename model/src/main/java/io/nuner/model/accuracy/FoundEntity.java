package io.nuner.model.accuracy;

import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.Words;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An entity without its score. Immutable.
 *
 * @param first its first word
 * @param last its last word
 * @param label index of its label
 */
record FoundEntity(int first, int last, int label) {
    /** The entities by their words. */
    static Set<FoundEntity> of(List<EntitySpan> spans, Words words) {
        return spans.stream()
                .map(span ->
                        new FoundEntity(firstFrom(words, span.start()), firstFrom(words, span.end()) - 1, span.label()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The first word that starts at that place of the text or behind it. */
    private static int firstFrom(Words words, int place) {
        int low = 0;
        int high = words.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (words.start(middle) < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
