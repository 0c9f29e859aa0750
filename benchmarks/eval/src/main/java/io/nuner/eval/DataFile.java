package io.nuner.eval;

import io.nuner.files.FileProblem;
import io.nuner.files.Sha256;
import io.nuner.files.Utf8Text;
import java.io.IOException;
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

    /** Reads a file of at most 256 MiB. */
    public static DataFile read(Path path) throws DataException {
        String name = path.toString();
        try {
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                throw new DataException(name, "holds " + size + " bytes, more than " + MAX_BYTES);
            }
            byte[] bytes = Files.readAllBytes(path);
            return new DataFile(name, Utf8Text.decode(bytes), Sha256.of(bytes));
        } catch (Utf8Text.InvalidLineException e) {
            throw new DataException(name + ":" + e.line(), "is not valid UTF-8", e);
        } catch (IOException e) {
            throw new DataException(name, FileProblem.ofReading(path, e), e);
        }
    }
}
