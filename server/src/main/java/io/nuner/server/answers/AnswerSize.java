package io.nuner.server.answers;

import com.google.protobuf.CodedOutputStream;
import io.nuner.model.decode.EntitySpan;
import io.nuner.v1.ExtractRequest;
import java.util.List;
import java.util.stream.IntStream;

/** Upper bound of an answer's encoded bytes, known before it is made; at most a few bytes an entity too large. */
public final class AnswerSize {
    /** Timings, usage, and all tags and lengths that an answer has once. */
    private static final int ONCE = 168;

    /** Tag and length of the entity, tags of its fields, score. */
    private static final int EACH = 2 + 5 + 5 + 5;

    private static final int WIDEST_NUMBER = 5;
    private static final int MOST_BYTES_PER_UNIT = 3;

    private AnswerSize() {}

    /**
     * The size of the answer to one text.
     *
     * @param enough if a rough and cheap estimate is no larger than this, the estimate is returned
     */
    public static long of(ExtractRequest request, List<EntitySpan> spans, long enough) {
        int[] labels = labelBytes(request);
        long most = (long) ONCE + request.getRequestIdBytes().size();
        for (EntitySpan span : spans) {
            most += (long) EACH
                    + 5 * WIDEST_NUMBER
                    + labels[span.label()]
                    + (long) MOST_BYTES_PER_UNIT * (span.end() - span.start());
        }
        return most <= enough ? most : exact(request, spans, labels);
    }

    private static int[] labelBytes(ExtractRequest request) {
        return request.getLabelOptionsCount() == 0
                ? IntStream.range(0, request.getLabelsCount())
                        .map(label -> request.getLabelsBytes(label).size())
                        .toArray()
                : request.getLabelOptionsList().stream()
                        .mapToInt(option -> option.getNameBytes().size())
                        .toArray();
    }

    private static long exact(ExtractRequest request, List<EntitySpan> spans, int[] labels) {
        int[] bytesBefore = bytesBefore(request.getText());
        long size = (long) ONCE + request.getRequestIdBytes().size();
        for (EntitySpan span : spans) {
            int start = bytesBefore[span.start()]; // offsets in other units are no larger
            int end = bytesBefore[span.end()];
            long entity = (long) EACH
                    + number(start)
                    + number(end)
                    + number(end - start)
                    + (end - start)
                    + number(labels[span.label()])
                    + labels[span.label()]
                    + number(span.label());
            size += entity + number((int) Math.min(Integer.MAX_VALUE, entity));
        }
        return size;
    }

    /** UTF-8 bytes before each unit of a text, which has no lone surrogate: it came as UTF-8. */
    private static int[] bytesBefore(String text) {
        int[] before = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            before[i + 1] = before[i] + bytes(text.charAt(i));
        }
        return before;
    }

    /** RFC 3629 section 3; half of a surrogate pair takes 2. */
    private static int bytes(char unit) {
        if (unit < 0x80) {
            return 1;
        }
        return unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }

    private static int number(int value) {
        return CodedOutputStream.computeUInt32SizeNoTag(value);
    }
}
