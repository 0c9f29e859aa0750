package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first minute: {@code nuner serve} without a model, then its two questions. */
class DemoServeTest {
    private static final Path HOME = Path.of("..");
    private static final String FAMILIAR_LABELS = "person,organization,place,date,product";
    private static final String FAMILIAR_TEXT =
            "In 1997 Steve Jobs returned to Apple in Cupertino; four years later the" + " company sold the first iPod.";
    private static final String UNSEEN_LABELS = "chef,airline,currency,bridge";
    private static final String UNSEEN_TEXT =
            "The chef Massimo Bottura flew to Sydney with Lufthansa, paid for his taxi"
                    + " in Australian dollars and walked over the Harbour Bridge.";

    @TempDir
    private Path cache;

    @Test
    void theDemoModelFindsWhatTheReadmeShows() throws Exception {
        try (ServerProcess server = ServerProcess.startDemo(HOME, cache)) {
            assertThat(server.startLines()).anyMatch(line -> line.contains("serving the demo model"));

            assertThat(found(server, FAMILIAR_LABELS, FAMILIAR_TEXT))
                    .containsExactly(
                            "date: 1997",
                            "person: Steve Jobs",
                            "organization: Apple",
                            "place: Cupertino",
                            "product: iPod");
            assertThat(found(server, UNSEEN_LABELS, UNSEEN_TEXT))
                    .containsExactly(
                            "chef: Massimo Bottura",
                            "airline: Lufthansa",
                            "currency: Australian dollars",
                            "bridge: Harbour Bridge");
            assertThat(placesInAMarkedFile(server)).containsExactly("person: 0 to 4", "place: 14 to 18");
        }
    }

    @Test
    void theReadmeAsksThoseQuestions() throws Exception {
        String readme =
                Files.readString(HOME.resolve("README.md")).replace("\\\n", "").replaceAll(" +", " ");

        assertThat(readme)
                .contains("./nuner extract --label " + FAMILIAR_LABELS + " \"" + FAMILIAR_TEXT + "\"")
                .contains("./nuner extract --label " + UNSEEN_LABELS + " \"" + UNSEEN_TEXT + "\"");
    }

    /** Offsets do not count the byte order mark in front of a file. */
    private List<String> placesInAMarkedFile(ServerProcess server) throws IOException {
        Path file = Files.writeString(cache.resolve("marked.txt"), "\uFEFFAnna lives in Rome");
        return entities(server, "person,place", "--file=" + file).stream()
                .map(entity ->
                        entity.get("label").getAsString() + ": " + entity.get("start") + " to " + entity.get("end"))
                .toList();
    }

    private static List<String> found(ServerProcess server, String labels, String text) {
        return entities(server, labels, text).stream()
                .map(DemoServeTest::labelAndText)
                .toList();
    }

    private static List<JsonObject> entities(ServerProcess server, String labels, String text) {
        CommandRun run =
                CommandRun.of("extract", "--json", "--target=localhost:" + server.port(), "--label=" + labels, text);
        assertThat(run.err()).isEmpty();
        return JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("entities").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static String labelAndText(JsonObject entity) {
        return entity.get("label").getAsString() + ": " + entity.get("text").getAsString();
    }
}
