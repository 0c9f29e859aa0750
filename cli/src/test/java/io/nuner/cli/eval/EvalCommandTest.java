package io.nuner.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake server finds the whole text as the first label, which is {@code loc} here. */
class EvalCommandTest {
    private static final String FOUND = "Port B-LOC\nSaid I-LOC\n\n";
    private static final String HALF_FOUND = "in O\nParis B-LOC\n\n";
    private static final String MISSED = "nothing B-PER\n\n";
    private static final String REFUSED = "bad B-PER\n\n";

    @TempDir
    private Path directory;

    @RegisterExtension
    private final FakeServer server = new FakeServer();

    @Test
    void printsATable() throws IOException {
        CommandRun run = eval(FOUND + HALF_FOUND + MISSED);

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out().replace(System.lineSeparator(), "\n"))
                .contains("model      fake 0123456789ab")
                .contains("server     1.2.3, none 7 on cpu")
                .contains("data       " + data() + " (conll), 3 texts of 5 words")
                .containsPattern("time       [0-9.]+ s, [0-9.]+ texts/s")
                .endsWith("""
                       ENTITIES                         TOKENS
                LABEL   SUPPORT   PREC    REC     F1   SUPPORT   PREC    REC     F1
                loc           2  50.00  50.00  50.00         3  75.00 100.00  85.71
                per           1   0.00   0.00   0.00         1   0.00   0.00   0.00
                micro         3  50.00  33.33  40.00         4  75.00  75.00  75.00
                macro            25.00  25.00  25.00            37.50  50.00  42.86
                """);
    }

    @Test
    void labelsThatTheServerRefusesAreNamed() throws IOException {
        CommandRun run = eval(FOUND + MISSED, "--map=PER=twice");

        assertThat(run.err().lines().filter(line -> line.startsWith("nuner eval")))
                .containsExactly(
                        "nuner eval: INVALID_ARGUMENT: label twice gives the model the same tokens as label loc");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void everyTextIsAskedForAllLabelsWithTheModelsDefaults() throws IOException {
        eval(FOUND + MISSED);

        assertThat(server.requests())
                .extracting(ExtractRequest::getText)
                .containsExactlyInAnyOrder("Port Said", "nothing");
        ExtractRequest request = server.onlyRequest();
        assertThat(request.getLabelsList()).containsExactly("loc", "per");
        assertThat(request.getOptions().getThreshold()).isEqualTo(0.5f);
        assertThat(request.getOptions().getFlatNer()).isTrue();
        assertThat(request.getOptions().getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_UNSPECIFIED);
        assertThat(request.getOptions().getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF16_UNIT);
    }

    @Test
    void writesJson() throws IOException {
        Path json = directory.resolve("result.json");

        CommandRun run = eval(FOUND + HALF_FOUND + REFUSED, "--report=" + json, "--concurrency=2");

        assertThat(run.out()).contains("micro");
        JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertThat(report.get("date").getAsString()).matches("20..-..-..T..:..:..Z");
        JsonObject model = report.getAsJsonObject("model");
        assertThat(model.get("name").getAsString()).isEqualTo("fake");
        JsonObject data = report.getAsJsonObject("data");
        assertThat(data.get("file").getAsString()).isEqualTo(data().toString());
        assertThat(data.get("sha256").getAsString()).hasSize(64);
        assertThat(data.get("texts").getAsInt()).isEqualTo(3);
        JsonObject settings = report.getAsJsonObject("settings");
        assertThat(settings.get("threshold").getAsDouble()).isEqualTo(0.5);
        assertThat(settings.get("merge").getAsString()).isEqualTo("adjacent");
        assertThat(settings.get("concurrency").getAsInt()).isEqualTo(2);
        assertThat(report.getAsJsonObject("labels").toString()).isEqualTo("{\"loc\":[\"LOC\"],\"per\":[\"PER\"]}");
        JsonObject entities = report.getAsJsonObject("entities");
        assertThat(entities.getAsJsonObject("micro").get("support").getAsInt()).isEqualTo(3);
        assertThat(entities.getAsJsonObject("macro").get("f1").getAsDouble()).isEqualTo(0.25);
        JsonObject tokens = report.getAsJsonObject("tokens").getAsJsonObject("byLabel");
        assertThat(tokens.getAsJsonObject("loc").get("spurious").getAsInt()).isEqualTo(1);
    }

    @Test
    void jsonOnStandardOutputIsAloneThere() throws IOException {
        CommandRun run = eval(FOUND, "--report=-");

        assertThat(JsonParser.parseString(run.out()).getAsJsonObject().has("entities"))
                .isTrue();
        assertThat(run.err()).contains("micro");
    }

    @Test
    void aRefusedTextIsCountedAsMissedAndNamed() throws IOException {
        CommandRun run = eval(FOUND + REFUSED, "--report=-");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.err())
                .contains("refused: " + data() + ":4: INVALID_ARGUMENT: text must not be bad")
                .contains("refused    1 texts; their entities count as missed");
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(report.getAsJsonObject("run").get("refused").getAsInt()).isEqualTo(1);
        JsonObject person =
                report.getAsJsonObject("entities").getAsJsonObject("byLabel").getAsJsonObject("per");
        assertThat(person.get("missed").getAsInt()).isEqualTo(1);
    }

    @Test
    void manyRefusedTextsAreNotAllListed() throws IOException {
        CommandRun run = eval(REFUSED.repeat(13));

        assertThat(run.err().lines().filter(line -> line.startsWith("refused: ")))
                .hasSize(11)
                .contains("refused: 3 more");
    }

    @Test
    void truncatedTextsAreCounted() throws IOException {
        CommandRun run = eval("long B-LOC\n", "--truncate");

        assertThat(run.out()).contains("truncated  1 texts; only their first words were searched");
        assertThat(server.onlyRequest().getOptions().getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
    }

    @Test
    void typesAreAskedForByOtherWordsOrNotAtAll() throws IOException {
        Path map = Files.writeString(directory.resolve("map"), "PER=somebody\nLOC=place\n");

        CommandRun run = eval(
                FOUND + "Ada B-PER\nAI B-MISC\n",
                "--label-map=" + map,
                "--map=PER=Person,MISC=",
                "--map=ORG=organization");

        assertThat(server.onlyRequest().getLabelsList()).containsExactly("person", "place");
        assertThat(run.out()).contains("left out   MISC").doesNotContain("misc ");
        assertThat(run.err()).contains("note: --map ORG: no such type in --data");
    }

    @Test
    void onlyTheFirstTextsMayBeAsked() throws IOException {
        Path json = directory.resolve("result.json");

        CommandRun run = eval(FOUND + MISSED + HALF_FOUND, "--limit=2", "--report=" + json);

        assertThat(server.requests()).hasSize(2);
        assertThat(run.out()).contains("2 texts of 3 words");
        assertThat(Files.readString(json)).contains("\"limit\": 2,");
    }

    @Test
    void glinersJsonIsRead() throws IOException {
        CommandRun run = eval("[{\"tokenized_text\": [\"Port\", \"Said\"], \"ner\": [[0, 1, \"City\"]]}]");

        assertThat(run.out()).contains("(gliner), 1 texts of 2 words").containsPattern("micro +1 100.00 100.00 100.00");
    }

    @Test
    void anOverloadedServerIsAskedAgain() throws IOException {
        CommandRun run = eval("busy B-LOC\n");

        assertThat(server.requests()).hasSize(2);
        assertThat(run.out()).containsPattern("micro +1 100.00").doesNotContain("refused");
    }

    @Test
    void progressIsALineForEachTenthWhereThereIsNoTerminal() throws IOException {
        CommandRun run = eval(FOUND.repeat(40));

        assertThat(run.err().lines())
                .hasSize(10)
                .allMatch(line -> line.startsWith("evaluating: "))
                .anyMatch(line -> line.startsWith("evaluating: 20 of 40 texts, "));
    }

    @Test
    void aServerThatDoesNotAnswerEndsTheEvaluation() throws IOException {
        CommandRun run = eval(FOUND + "slow B-LOC\n", "--timeout=2s");

        assertThat(run.err()).contains("nuner eval: DEADLINE_EXCEEDED: --target " + server.target());
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void anUnreachableServerIsOneLine() throws IOException {
        long startNanos = System.nanoTime();
        CommandRun run = CommandRun.of("eval", "--data=" + write(FOUND), "--target=localhost:1");
        Duration time = Duration.ofNanos(System.nanoTime() - startNanos);

        assertThat(run.err()).startsWith("nuner eval: UNAVAILABLE: --target localhost:1 does not serve: ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(time).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "'Ada B-PER\nsecret', ':2 has no tag'",
        "'Once upon a time', ' is of unknown format'",
        "'Ada O\n', ' holds no entity of a type to ask for'",
        "'[{\"tokenized_text\": []}]', ', entry 1, needs an array ner'"
    })
    void aFileThatCannotBeUsedIsOneLine(String content, String message) throws IOException {
        CommandRun run = eval(content);

        assertThat(run.err()).contains(data() + message).doesNotContain("secret");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--concurrency=0, '--concurrency must be 1 to 256, but was 0'",
        "--concurrency=257, '--concurrency must be 1 to 256, but was 257'",
        "--limit=-1, '--limit must be at least 0, but was -1'",
        "--token-column=0, '--token-column must be at least 1, but was 0'",
        "--tag-column=-1, '--tag-column must be at least 0, but was -1'",
        "--threshold=2, '--threshold must be in [0, 1], but was 2.0'",
        "--timeout=0s, --timeout must be positive",
        "--format=xml, --format",
        "--map=PER, --map"
    })
    void aWrongOptionIsOneLineThatNamesIt(String option, String named) throws IOException {
        CommandRun run = eval(FOUND, option);

        assertThat(run.err()).contains(named);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void jsonThatCouldNotBeWrittenFailsBeforeTheWork() throws IOException {
        CommandRun run = eval(FOUND, "--report=" + directory.resolve("absent/result.json"));

        assertThat(run.err()).contains("cannot write --report").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theEnvironmentGivesWhatTheCommandLineLeavesOut() throws IOException {
        Map<String, String> environment = Map.of(
                "NUNER_TARGET", server.target(),
                "NUNER_DATA", write(FOUND + "Ada B-PER\n").toString(),
                "NUNER_MAP", "LOC=place,PER=");

        CommandRun run = CommandRun.with(environment, "eval");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(server.onlyRequest().getLabelsList()).containsExactly("place");
    }

    private CommandRun eval(String content, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("eval", "--data=" + write(content), "--target=" + server.target()));
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private Path write(String content) throws IOException {
        return Files.writeString(data(), content);
    }

    private Path data() {
        return directory.resolve("data.txt");
    }
}
