package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import io.nuner.client.AnswerStream;
import io.nuner.client.ClientConfig;
import io.nuner.client.DocumentPart;
import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.client.StreamSettings;
import io.nuner.client.TextOutcome;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and streams of texts against a real server. */
class StreamsEndToEndTest {
    private static final Labels LABELS = Labels.of("person", "city", "harbour council");
    private static final ExtractionOptions OPTIONS =
            ExtractionOptions.builder().threshold(0.4f).build();
    private static final String[] WORDS = {
        "Marta", "went", "to", "the", "harbour", "council", "in", "June", ".", "Paris", "naïve", "😀", "Zoë", ",",
        "Oslo"
    };

    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("");

    @BeforeEach
    void makeCheckpoint() {
        checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(checkpoint, directory.resolve("cache"));
    }

    private static ExtractionClient client(int port) {
        return ExtractionClient.connect(
                ClientConfig.plaintext("localhost:" + port).withTimeout(Duration.ofSeconds(30)));
    }

    private static String text(Random random, int words) {
        List<String> chosen = IntStream.range(0, words)
                .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
                .toList();
        return String.join(" ", chosen);
    }

    @Test
    void aDocumentInPartsIsTheSameAsInOneAnswer() throws Exception {
        String text = text(new Random(1), 3_000);

        try (ServerProcess server = start();
                ExtractionClient client = client(server.port())) {
            Extraction whole = client.extract(text, LABELS, OPTIONS);
            List<DocumentPart> parts = new ArrayList<>();
            try (var stream = client.extractDocument(text, LABELS, OPTIONS, Duration.ofMinutes(1))) {
                while (stream.hasNext()) {
                    parts.add(stream.next());
                }
            }

            List<Entity> entities =
                    parts.stream().flatMap(part -> part.entities().stream()).toList();
            DocumentPart last = parts.get(parts.size() - 1);
            assertThat(whole.entities()).isNotEmpty();
            assertThat(entities).isEqualTo(whole.entities());
            assertThat(parts)
                    .hasSizeGreaterThan(2)
                    .extracting(DocumentPart::safeUntil)
                    .isSorted();
            assertThat(last.safeUntil()).isEqualTo(text.length());
            assertThat(last.usage()).isEqualTo(whole.usage());
            for (Entity entity : entities) {
                assertThat(text.substring(entity.start(), entity.end())).isEqualTo(entity.text());
            }
            assertThat(foundByCommand(text, server.port())).isEqualTo(entities);
        }
    }

    private List<Entity> foundByCommand(String text, int port) throws IOException {
        Path file = Files.writeString(directory.resolve("document"), text);
        CommandRun run = CommandRun.of(
                "extract",
                "--json",
                "--offset-unit=utf16-unit",
                "--threshold=0.4",
                "--label=person,city,harbour council",
                "--target=localhost:" + port,
                "--file=" + file);
        assertThat(run.err()).isEmpty();
        var entities = JsonParser.parseString(run.out()).getAsJsonObject().get("entities");
        return new Gson().fromJson(entities, new TypeToken<List<Entity>>() {});
    }

    @Test
    void aStreamOutlivesAServerThatIsRestarted() throws Exception {
        outlives(server -> assertThat(server.terminate()).isZero());
    }

    @Test
    @Tag("long")
    void aStreamOutlivesAServerThatIsKilled() throws Exception {
        outlives(server -> {
            server.close();
            server.awaitExit();
        });
    }

    /** Ends a server. */
    private interface End {
        void of(ServerProcess server) throws InterruptedException;
    }

    private void outlives(End end) throws Exception {
        Random random = new Random(2);
        List<String> texts = IntStream.range(0, 1_000)
                .mapToObj(i -> i + " " + text(random, 5 + random.nextInt(20)))
                .toList();
        BitSet seen = new BitSet();

        ServerProcess server = start();
        int port = server.port();
        try (ExtractionClient client = client(port)) {
            List<Extraction> expected = new ArrayList<>();
            for (String text : texts.subList(0, 50)) {
                expected.add(client.extract(text, LABELS, OPTIONS));
            }
            try (AnswerStream<TextOutcome> stream =
                    client.extractAll(texts.iterator(), LABELS, OPTIONS, StreamSettings.DEFAULTS)) {
                take(stream, 400, texts, seen);
                end.of(server);
                server = ServerProcess.startAgain(port, checkpoint, directory.resolve("cache"));
                take(stream, 600, texts, seen);
                assertThat(stream.hasNext()).isFalse();
            }
            assertThat(seen.cardinality()).isEqualTo(texts.size());
            assertSameInOrder(client, texts.subList(0, 50), expected);
        } finally {
            server.close();
        }
    }

    private static void take(AnswerStream<TextOutcome> stream, int count, List<String> texts, BitSet seen)
            throws ExtractionException {
        for (int taken = 0; taken < count; taken++) {
            TextOutcome outcome = stream.next();
            int index = (int) outcome.index();
            assertThat(seen.get(index)).as("text %d twice", index).isFalse();
            seen.set(index);
            assertThat(outcome.text()).isEqualTo(texts.get(index));
            assertThat(outcome.outcome().orThrow().usage().getWindows()).isEqualTo(1);
        }
    }

    private static void assertSameInOrder(ExtractionClient client, List<String> texts, List<Extraction> expected)
            throws ExtractionException {
        StreamSettings ordered = StreamSettings.DEFAULTS.withOrdered(true);
        try (AnswerStream<TextOutcome> stream = client.extractAll(texts.iterator(), LABELS, OPTIONS, ordered)) {
            for (Extraction alone : expected) {
                Extraction inStream = stream.next().outcome().orThrow();
                assertThat(inStream.entities()).isEqualTo(alone.entities());
                assertThat(inStream.usage()).isEqualTo(alone.usage());
            }
            assertThat(stream.hasNext()).isFalse();
        }
    }
}
