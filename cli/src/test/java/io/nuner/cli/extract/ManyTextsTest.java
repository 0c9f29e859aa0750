package io.nuner.cli.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.ExtractRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Long texts are asked about as documents, several short ones by a stream; all are answered in their order. */
class ManyTextsTest {
    private static final String LONG = "long " + "x".repeat(10_000);

    @RegisterExtension
    private final FakeServer server = new FakeServer();

    @TempDir
    private Path directory;

    private CommandRun extract(String... arguments) {
        List<String> all = new ArrayList<>(List.of("extract", "--label=person", "--target=" + server.target()));
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void aLongFileIsADocument() throws IOException {
        CommandRun run = extract("--file=" + file("book", LONG), "--offset-unit=utf16-unit");

        assertThat(run.out()).isEqualToNormalizingNewlines("""
             START     END  LABEL   SCORE  TEXT
                 0    5002  person  0.750  lon
              5002   10004  person  0.750  xxx
            """);
        assertThat(run.err()).isEmpty();
        assertThat(server.documents()).hasSize(1);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aLongTextOfWhichOneWindowIsSearchedIsNone() throws IOException {
        Path book = file("book", LONG);

        extract("--file=" + book, "--truncate");
        extract("--file=" + book, "--long-text=reject");

        assertThat(server.documents()).isEmpty();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void longAndShortTextsAreAnsweredInTheirOrder() throws IOException {
        Path lines = file("lines", "Ada\n" + LONG + "\nbad\nbad " + LONG + "\nBob\n");

        CommandRun run = extract("--json", "--lines", "--file=" + lines, "--file=" + file("more", "Eve\n"));

        assertThat(run.out().lines().map(line -> line.contains("error") ? "refused" : firstText(line)))
                .containsExactly("Ada", "lon", "refused", "refused", "Bob", "Eve");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(server.documents()).hasSize(2);
        assertThat(server.requests()).extracting(ExtractRequest::getText).containsExactly("Ada", "bad", "Bob", "Eve");
    }

    private static String firstText(String json) {
        String key = "\"text\":\"";
        int start = json.indexOf(key) + key.length();
        return json.substring(start, json.indexOf('"', start));
    }

    @Test
    void manyLinesAreAnsweredInTheirOrder() throws IOException {
        List<String> texts = IntStream.range(0, 2_000).mapToObj(i -> "text" + i).toList();

        CommandRun run = extract("--json", "--lines", "--file=" + file("lines", String.join("\n", texts)));

        assertThat(run.out().lines().map(ManyTextsTest::firstText).collect(Collectors.toList()))
                .isEqualTo(texts);
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatCannotBeReadEndsTheRunAfterWhatCould() throws IOException {
        byte[] latin = "Ada\nBob\nZoé\n".getBytes(StandardCharsets.ISO_8859_1);
        Path first = file("first", "Ada\nBob\n");
        Path second = Files.write(directory.resolve("latin"), latin);

        CommandRun run = extract("--json", "--lines", "--file=" + first, "--file=" + second);

        assertThat(run.out().lines().map(ManyTextsTest::firstText)).containsExactly("Ada", "Bob", "Ada", "Bob");
        assertThat(run.err())
                .isEqualToNormalizingNewlines("nuner extract: --file " + second + ":3 is not valid UTF-8\n");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aMissingFileEndsTheRunAfterTheTextsBeforeIt() throws IOException {
        CommandRun run = extract("--json", "--file=" + file("first", "Ada"), "--file=/does/not/exist");

        assertThat(run.out().lines().map(ManyTextsTest::firstText)).containsExactly("Ada");
        assertThat(run.err()).contains("--file /does/not/exist cannot be read: not found");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aFileThatIsTooLargeIsNamedWithTheWayOut() throws IOException {
        Path file = file("book", "large".repeat(2001));

        CommandRun run = extract("--file=" + file);

        assertThat(run.err())
                .isEqualToNormalizingNewlines("nuner extract: RESOURCE_EXHAUSTED: --file " + file
                        + " is too large with 10005 bytes (gRPC message exceeds maximum size 7: 9); split it, or ask"
                        + " for each of its lines with --lines\n");
        assertThat(extract("--file=" + file, "Ada").out())
                .contains("refused: RESOURCE_EXHAUSTED: --file " + file + " is too large");
        assertThat(extract("--lines", "--file=" + file, "Ada").out())
                .contains("--file " + file + ":1 is too large")
                .doesNotContain("--lines");
    }

    @Test
    void linesMayEndInEveryWay() throws IOException {
        Path lines = file("lines", "\uFEFFAda\r\nBob\rÉve\n\r\nZoé");

        assertThat(extract("--json", "--lines", "--file=" + lines).out().lines().map(ManyTextsTest::firstText))
                .containsExactly("Ada", "Bob", "Éve", "Zoé");
    }

    @Test
    void nothingMoreIsAskedWhenNobodyReadsTheAnswers() throws IOException {
        String texts = "Ada\n".repeat(5_000);
        PrintWriter closed = new PrintWriter(Writer.nullWriter());
        closed.close();
        Path lines = file("lines", texts);

        CommandRun run = CommandRun.into(
                closed, "extract", "--label=person", "--lines", "--target=" + server.target(), "--file=" + lines);

        assertThat(run.err()).isEqualToNormalizingNewlines("nuner extract: standard output takes no more\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(server.requests()).hasSizeLessThan(5_000);
    }

    @Test
    void noLinesAreNoTexts() throws IOException {
        CommandRun run = extract("--lines", "--file=" + file("empty", "\n\n"));

        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    }
}
