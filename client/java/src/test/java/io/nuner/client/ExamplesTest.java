package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents show is code that compiles, and that does what they say. */
class ExamplesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "sentence, README.md",
        "document, README.md",
        "labels, docs/java-client.md",
        "document, docs/java-client.md",
        "corpus, docs/java-client.md",
        "errors, docs/java-client.md"
    })
    void anExampleIsCodeThatCompiles(String name, String document) throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/nuner/client/Examples.java"));
        String code = between(source, "// " + name + " begins\n", "// " + name + " ends")
                .stripIndent();

        assertThat(Files.readString(Path.of("../../" + document))).contains("```java\n" + code.strip() + "\n```");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        int to = text.lastIndexOf('\n', text.indexOf(end, from));
        return text.substring(from, to);
    }

    @Test
    void aDocumentIsRedactedAsItsPartsCome() throws Exception {
        StringBuilder redacted = new StringBuilder();

        try (InProcess process = new InProcess(FakeDocumentService.whole(), TIMEOUT)) {
            Examples.redact(process.client(), "Ada Lovelace and Bob!!", Labels.of("person"), redacted);
        }

        assertThat(redacted).hasToString("[person][person]!!");
    }

    @Test
    void everyLineOfACorpusIsStoredOrRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("corpus"), "Ada\nbad\nBob\n");
        TreeMap<Long, String> stored = new TreeMap<>();
        List<Long> refused = new ArrayList<>();

        try (InProcess process = new InProcess(new FakeStreamService(1), TIMEOUT)) {
            Examples.corpus(
                    process.client(),
                    file,
                    Examples.labels(),
                    (index, entities) -> stored.put(index, entities.get(0).text()),
                    (index, reason) -> refused.add(index));
        }

        assertThat(stored).hasToString("{0=Ada, 2=Bob}");
        assertThat(refused).containsExactly(1L);
    }

    @Test
    void aRefusalSaysWhatToDo() {
        FakeNerService service = new FakeNerService();
        try (InProcess process = new InProcess(service, TIMEOUT)) {
            Labels labels = Labels.of("person");

            assertThat(Examples.advice(process.client(), "Ada", labels)).isEqualTo("1 entities");
            service.failNextAsTooNear(2_000);
            assertThat(Examples.advice(process.client(), "Ada", labels))
                    .isEqualTo("give it PT2S or ask for a document");
            assertThat(Examples.advice(process.client(), "bad", labels))
                    .isEqualTo("INVALID_ARGUMENT text: text must not be bad");
        }
    }
}
