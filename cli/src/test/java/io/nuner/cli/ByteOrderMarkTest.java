package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ExitCode;
import io.nuner.load.TextPool;
import io.nuner.load.TextPool.TextFile;
import io.nuner.server.config.TenantsFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The mark that some editors put in front of UTF-8 is part of no text, whatever file it comes with. */
class ByteOrderMarkTest {
    private static final String MARK = "\uFEFF";
    private static final String DATA = """
            {"tokenized_text": ["Ada", "sleeps"], "ner": [[0, 0, "person"]]}
            """;

    @TempDir
    private Path directory;

    @RegisterExtension
    private final FakeServer server = new FakeServer();

    @Test
    void aFileToSearch() throws IOException {
        CommandRun run = extract("--json", "--file=" + marked("text", "Anna"));

        assertThat(server.onlyRequest().getText()).isEqualTo("Anna");
        assertThat(run.out()).contains("\"start\":0,\"end\":4");
    }

    @Test
    void aFileOfLines() throws IOException {
        extract("--lines", "--file=" + marked("text", "\n\nAnna\n"));

        assertThat(texts()).containsExactly("Anna");
    }

    @Test
    void standardInput() {
        InputStream original = System.in;
        System.setIn(new ByteArrayInputStream((MARK + "Anna").getBytes(StandardCharsets.UTF_8)));
        try {
            extract();
        } finally {
            System.setIn(original);
        }

        assertThat(texts()).containsExactly("Anna");
    }

    @Test
    void onlyOneMarkIsDropped() throws IOException {
        extract("--file=" + marked("text", MARK + "Anna"));

        assertThat(texts()).containsExactly(MARK + "Anna");
    }

    @Test
    void aKeyFile() throws IOException {
        extract("--tenant=search", "--key-file=" + marked("key", "sesame\n"), "Ada");

        assertThat(server.lastMetadata("nuner-key")).isEqualTo("sesame");
    }

    @Test
    void annotatedTextsAndLabelMaps() throws IOException {
        CommandRun run = CommandRun.of(
                "eval",
                "--target=" + server.target(),
                "--data=" + marked("data.json", "[" + DATA.strip() + "]"),
                "--label-map=" + marked("map", "person=human being\n"));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(server.onlyRequest().getText()).isEqualTo("Ada sleeps");
        assertThat(server.onlyRequest().getLabelsList()).containsExactly("human being");
    }

    @Test
    void textsForLoad() throws IOException {
        Path file = marked("texts.jsonl", "{\"text\": \"Anna\"}\n");

        assertThat(TextPool.read(List.of(TextFile.parse(file.toString())))).isNotNull();
        assertThat(TextPool.read(List.of(TextFile.parse(
                        marked("blank.jsonl", "\n{\"text\": \"Anna\"}\n").toString()))))
                .isNotNull();
    }

    @Test
    void tenants() throws IOException {
        Path file = marked("tenants", "search 10\n");

        assertThat(new TenantsFile(file, OptionalInt.empty())
                        .parse(Files.readAllBytes(file))
                        .weights())
                .containsEntry("search", 10);
    }

    private List<String> texts() {
        return server.requests().stream().map(request -> request.getText()).toList();
    }

    private Path marked(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), MARK + content);
    }

    private CommandRun extract(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "extract";
        all[1] = "--label=person";
        all[2] = "--target=" + server.target();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return CommandRun.of(all);
    }
}
