package io.nuner.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text of a file in UTF-8, of which nothing is guessed. Any thread. */
public final class Utf8Text {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Utf8Text() {}

    /**
     * The text, without a byte order mark.
     *
     * @throws InvalidLineException if the bytes are not UTF-8
     */
    public static String decode(byte[] bytes) throws InvalidLineException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new InvalidLineException(lineAt(bytes, in.position()));
        }
        String text = out.flip().toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static int lineAt(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** Bytes are not UTF-8. */
    public static final class InvalidLineException extends CharacterCodingException {
        private static final long serialVersionUID = 1L;

        private final int line;

        private InvalidLineException(int line) {
            this.line = line;
        }

        /** The number of the first line that is not, from 1. */
        public int line() {
            return line;
        }
    }
}
