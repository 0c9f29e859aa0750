package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.files.FileProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
final class TextSource implements Iterator<String> {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Place place;
    private final boolean linewise;
    private @Nullable BufferedReader lines;
    private @Nullable String next;
    private boolean begun;

    /**
     * A source of its whole content or of its lines.
     *
     * @param linewise true for one text from each line that is not blank; false for one text from the whole content
     */
    TextSource(Place place, boolean linewise) {
        this.place = place;
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

    /** Where texts are read from. */
    interface Place {
        InputStream open() throws IOException;

        /** What is wrong, with the name of the place. */
        String problem(IOException failure);

        static Place of(Path file) {
            return new Place() {
                @Override
                public InputStream open() throws IOException {
                    return Files.newInputStream(file);
                }

                @Override
                public String problem(IOException failure) {
                    return "--file " + file + " " + FileProblem.ofReading(file, failure);
                }
            };
        }

        static Place of(InputStream standardInput) {
            return new Place() {
                @Override
                public InputStream open() {
                    return standardInput;
                }

                @Override
                public String problem(IOException failure) {
                    return "standard input " + FileProblem.ofReading(failure);
                }
            };
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
                throw new UnreadableException(place.problem(e), e);
            }
        }
        return next != null;
    }

    @Override
    public String next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("there are no more texts");
        }
        String text = next;
        next = null;
        return text;
    }

    private @Nullable String content() throws IOException {
        if (begun) {
            return null;
        }
        begun = true;
        try (InputStream bytes = place.open()) {
            return decode(bytes.readAllBytes());
        }
    }

    private @Nullable String nextLine() throws IOException {
        if (!begun) {
            begun = true;
            lines = new BufferedReader(new InputStreamReader(
                    place.open(), StandardCharsets.UTF_8.newDecoder())); // reports what is malformed
            skipByteOrderMark(lines);
        }
        if (lines == null) {
            return null;
        }
        String line = lines.readLine();
        while (line != null && line.isBlank()) {
            line = lines.readLine();
        }
        if (line == null) {
            lines.close();
            lines = null;
        }
        return line;
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        String content = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return content.indexOf(BYTE_ORDER_MARK) == 0 ? content.substring(1) : content;
    }
}
