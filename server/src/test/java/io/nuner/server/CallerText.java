package io.nuner.server;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The text of a request as a program holds it whose strings count in the request's offset unit. Immutable. Any thread. */
public interface CallerText {
    /** The text and the unit of a request. */
    static CallerText of(ExtractRequest request) {
        String text = request.getText();
        return switch (request.getOptions().getOffsetUnit()) {
            case OFFSET_UNIT_UTF8_BYTE -> new Bytes(text.getBytes(StandardCharsets.UTF_8));
            case OFFSET_UNIT_UTF16_UNIT -> new Utf16(text);
            default -> new CodePoints(text.codePoints().toArray());
        };
    }

    /** The piece between two offsets. */
    String slice(int start, int end);

    /** How long the text is. */
    int length();

    /** What the offsets of entities cut out of it. */
    default List<String> slices(List<Entity> entities) {
        return entities.stream()
                .map(entity -> slice(entity.getStart(), entity.getEnd()))
                .toList();
    }

    /** As C or Rust holds it. */
    final class Bytes implements CallerText {
        private final byte[] bytes;

        private Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String slice(int start, int end) {
            return new String(Arrays.copyOfRange(bytes, start, end), StandardCharsets.UTF_8);
        }

        @Override
        public int length() {
            return bytes.length;
        }
    }

    /** As Java or JavaScript holds it. */
    record Utf16(String text) implements CallerText {
        @Override
        public String slice(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public int length() {
            return text.length();
        }
    }

    /** As Python holds it. */
    final class CodePoints implements CallerText {
        private final int[] codePoints;

        private CodePoints(int[] codePoints) {
            this.codePoints = codePoints;
        }

        @Override
        public String slice(int start, int end) {
            return new String(codePoints, start, end - start);
        }

        @Override
        public int length() {
            return codePoints.length;
        }
    }
}
