package io.nuner.server.rpc;

import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.OffsetConverter;
import io.nuner.model.text.OffsetUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Offsets of all spans of a text in the caller's unit. Immutable.
 *
 * <p>Converts the indices in ascending order, so that nested spans too cost one pass over the text.
 */
final class SpanOffsets {
    private final int[] indices;
    private final int[] offsets;

    /**
     * Converts the offsets of the spans.
     *
     * @param last the UTF-16 index behind all of them, which is converted, too
     */
    SpanOffsets(String text, List<EntitySpan> spans, int last, OffsetUnit unit) {
        OffsetConverter converter = new OffsetConverter(text, unit);
        IntStream ends = spans.stream().flatMapToInt(span -> IntStream.of(span.start(), span.end()));
        indices = IntStream.concat(ends, IntStream.of(last)).sorted().distinct().toArray();
        offsets = Arrays.stream(indices).map(converter::convert).toArray();
    }

    /** The offset of a start or an end of one of the spans, or of the last index. */
    int of(int utf16Index) {
        return offsets[Arrays.binarySearch(indices, utf16Index)];
    }
}
