package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one file or of standard input, read as UTF-8 when they are asked for; a byte order mark before the first one is
 * not part of it. One thread at a time.
 */
final class TextSource implements Iterator<AskedText> {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final @Nullable Path file;
    private final boolean linewise;
    private @Nullable LineNumberReader lines;
    private @Nullable AskedText next;
    private boolean begun;

    /**
     * A source of its whole content or of its lines.
     *
     * @param file null for standard input
     * @param linewise true for one text from each line that is not blank; false for one text from the whole content
     */
    TextSource(@Nullable Path file, boolean linewise) {
        this.file = file;
        this.linewise = linewise;
    }

    /** The whole content of a file that an option names. */
    static String contentOf(String option, Path file) throws CommandFailure {
        try {
            return decode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, option + " " + file + " " + FileProblem.ofReading(file, e), e);
        }
    }

    /** A source that cannot be read, since an iterator throws nothing that is checked. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private UnreadableException(String message, IOException cause) {
            super(message, cause);
        }
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = linewise ? nextLine() : content();
            } catch (IOException e) {
                String problem = file == null ? FileProblem.ofReading(e) : FileProblem.ofReading(file, e);
                throw new UnreadableException(faultyPlace(e) + " " + problem, e);
            }
        }
        return next != null;
    }

    private InputStream open() throws IOException {
        return file == null ? System.in : Files.newInputStream(file);
    }

    private String place() {
        return file == null ? "standard input" : "--file " + file;
    }

    private String place(LineNumberReader reader) {
        return place() + ":" + reader.getLineNumber();
    }

    /** With the line, if it alone is at fault. */
    private String faultyPlace(IOException failure) {
        return lines != null && failure instanceof CharacterCodingException ? place(lines) : place();
    }

    @Override
    public AskedText next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("there are no more texts");
        }
        AskedText text = next;
        next = null;
        return text;
    }

    private @Nullable AskedText content() throws IOException {
        if (begun) {
            return null;
        }
        begun = true;
        try (InputStream bytes = open()) {
            return new AskedText(place(), false, decode(bytes.readAllBytes()));
        }
    }

    private @Nullable AskedText nextLine() throws IOException {
        if (!begun) {
            begun = true;
            // Bytes as they are: a line that is not UTF-8 does not harm those before it.
            lines = new LineNumberReader(new InputStreamReader(open(), StandardCharsets.ISO_8859_1));
        }
        LineNumberReader reader = lines;
        if (reader == null) {
            return null;
        }
        for (String bytes = reader.readLine(); bytes != null; bytes = reader.readLine()) {
            String line = decodeLine(bytes, reader.getLineNumber() == 1);
            if (!line.isBlank()) {
                return new AskedText(place(reader), true, line);
            }
        }
        reader.close();
        lines = null;
        return null;
    }

    private static String decodeLine(String bytes, boolean first) throws CharacterCodingException {
        String line = decodeAll(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return first ? withoutByteOrderMark(line) : line;
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return withoutByteOrderMark(decodeAll(bytes));
    }

    private static String decodeAll(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String withoutByteOrderMark(String content) {
        return content.indexOf(BYTE_ORDER_MARK) == 0 ? content.substring(1) : content;
    }
}
