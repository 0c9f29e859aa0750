package io.nuner.eval;

import io.nuner.files.FileProblem;
import io.nuner.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of UTF-8 text, read as a whole. Immutable.
 *
 * @param name as the caller wrote it
 * @param content without a byte order mark
 * @param sha256 of all its bytes, in hexadecimal
 */
public record DataFile(String name, String content, String sha256) {
    private static final long MAX_BYTES = 256L << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Reads a file of at most 256 MiB. */
    public static DataFile read(Path path) throws DataException {
        String name = path.toString();
        try {
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                throw new DataException(name, "holds " + size + " bytes, more than " + MAX_BYTES);
            }
            byte[] bytes = Files.readAllBytes(path);
            String content = decode(name, bytes);
            return new DataFile(
                    name, content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content, Sha256.of(bytes));
        } catch (IOException e) {
            throw new DataException(name, FileProblem.ofReading(path, e), e);
        }
    }

    private static String decode(String name, byte[] bytes) throws DataException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new DataException(name + ":" + lineAt(bytes, in.position()), "is not valid UTF-8");
        }
        return out.flip().toString();
    }

    private static int lineAt(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
