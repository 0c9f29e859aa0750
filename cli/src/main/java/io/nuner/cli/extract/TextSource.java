package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import io.nuner.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads texts from files and from standard input, as UTF-8; a byte order mark before the first one is not part of it. */
final class TextSource {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final boolean linewise;

    /**
     * A source of whole contents or of lines.
     *
     * @param linewise true for one text from each line that is not blank; false for one text from the whole content
     */
    TextSource(boolean linewise) {
        this.linewise = linewise;
    }

    /** The texts of a file. */
    List<String> read(Path file) throws CommandFailure {
        try {
            return texts(decode(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "--file " + file + " " + FileProblem.ofReading(file, e), e);
        }
    }

    /** The texts of standard input, read to its end. */
    List<String> read(InputStream input) throws CommandFailure {
        try {
            return texts(decode(input.readAllBytes()));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "standard input " + FileProblem.ofReading(e), e);
        }
    }

    private List<String> texts(String content) {
        return linewise ? content.lines().filter(line -> !line.isBlank()).toList() : List.of(content);
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        String content = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content;
    }
}
