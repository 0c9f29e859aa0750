package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.nuner.cli.common.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that cannot be read is named in one line with its cause, whichever command and option it is for. */
class UnreadableFileTest {
    /** A command that reads a file, and how its line speaks of the file. */
    enum Reader {
        EXTRACT_FILE("extract --label=a --file=", "--file ", ExitCode.FAILED),
        EXTRACT_LINES("extract --label=a --lines --file=", "--file ", ExitCode.FAILED),
        KEY("extract --label=a text --key-file=", "--key-file ", ExitCode.USAGE),
        EVAL_DATA("eval --data=", "", ExitCode.FAILED),
        LABEL_MAP("eval --data=DIR/data --label-map=", "", ExitCode.FAILED),
        TRACE("plan --slo=p99=1s --costs=DIR/costs --trace=", "trace ", ExitCode.FAILED),
        COSTS("plan --slo=p99=1s --trace=DIR/absent --costs=", "costs file ", ExitCode.FAILED),
        TEXTS("bench --rate=1 --texts=", "--texts ", ExitCode.FAILED),
        TENANTS("serve --model=x --port=0 --no-metrics --tenants=", "--tenants ", ExitCode.USAGE);

        private final String command;
        private final String role;
        private final int exitCode;

        Reader(String command, String role, int exitCode) {
            this.command = command;
            this.role = role;
            this.exitCode = exitCode;
        }

        private String commandLine(Path directory, Path file) {
            return command.replace("DIR", directory.toString()) + file;
        }

        private String line(Path file, String problem) {
            String name = command.substring(0, command.indexOf(' '));
            String help = exitCode == ExitCode.USAGE ? " (see nuner " + name + " --help)" : "";
            return "nuner " + name + ": " + role + file + " " + problem + help;
        }
    }

    @TempDir
    private Path directory;

    private Path latin1 = Path.of("");
    private Path closed = Path.of("");

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("data"), "Ada B-PER\n");
        Files.writeString(directory.resolve("costs"), """
                {"engine": {"lanes": 1}, "limits": {"maxTokens": 512, "maxLabels": 10},
                 "batchCosts": {"terms": {"fixed": 5000000}, "drift": 2, "maxRows": 1, "maxPaddedTokens": 4096}}
                """);
        latin1 = Files.write(directory.resolve("latin1"), "a\u00E9 O\n".getBytes(StandardCharsets.ISO_8859_1));
        closed = Files.writeString(directory.resolve("closed"), "Ada B-PER\n");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    }

    @AfterEach
    void openAgain() throws IOException {
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @EnumSource
    void missing(Reader reader) {
        fails(reader, directory.resolve("nothing"), "cannot be read: not found");
    }

    @ParameterizedTest
    @EnumSource
    void directory(Reader reader) {
        fails(
                reader,
                directory,
                reader == Reader.TENANTS ? "must be a plain file" : "cannot be read: it is a directory");
    }

    @ParameterizedTest
    @EnumSource
    void notUtf8(Reader reader) {
        switch (reader) {
            case KEY -> fails(reader, latin1, "must hold one line of printable ASCII characters without blanks");
            case EVAL_DATA, LABEL_MAP, EXTRACT_LINES ->
                fails(reader, Path.of(latin1 + ":1"), latin1, "is not valid UTF-8");
            default -> fails(reader, latin1, "is not valid UTF-8");
        }
    }

    /** One virtual machine of its own runs all of them. */
    @TestFactory
    Stream<DynamicTest> unreadable() throws Exception {
        List<Reader> readers = List.of(Reader.values());
        List<String> lines = Denied.run(readers.stream()
                .map(reader -> reader.commandLine(directory, closed))
                .toArray(String[]::new));
        assertThat(lines).hasSameSizeAs(readers);
        return IntStream.range(0, readers.size()).mapToObj(i -> isDenied(readers.get(i), lines.get(i)));
    }

    private DynamicTest isDenied(Reader reader, String line) {
        String expected = reader.exitCode + " " + reader.line(closed, "cannot be read: permission denied");
        return dynamicTest(reader.name(), () -> assertThat(line).isEqualTo(expected));
    }

    @Test
    void standardInputThatIsNotUtf8() throws IOException {
        var original = System.in;
        try (var in = Files.newInputStream(latin1)) {
            System.setIn(in);
            assertThat(CommandRun.of("extract", "--label=a").err().strip())
                    .isEqualTo("nuner extract: standard input is not valid UTF-8");
        } finally {
            System.setIn(original);
        }
    }

    private void fails(Reader reader, Path file, String problem) {
        fails(reader, file, file, problem);
    }

    private void fails(Reader reader, Path shown, Path file, String problem) {
        CommandRun run = CommandRun.of(reader.commandLine(directory, file).split(" ", -1));

        assertThat(run.err().strip()).isEqualTo(reader.line(shown, problem));
        assertThat(run.exitCode()).isEqualTo(reader.exitCode);
    }
}
