package io.nuner.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.FakeServer.Reaction;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.MergePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fake server finds the whole text as the first label, which is {@code loc} here, except in the text that it misses. */
class EvalCompareTest {
    private static final String FOUND = "Port B-LOC\nSaid I-LOC\n\n";
    private static final String MISSED_BY_B = "Paris B-LOC\n\n";
    private static final String REFUSED = "bad B-PER\n\n";

    @TempDir
    private Path directory;

    @RegisterExtension
    private final FakeServer a = new FakeServer();

    @RegisterExtension
    private final FakeServer b = new FakeServer();

    @Test
    void printsBothAndTheDifference() throws IOException {
        b.react("Paris", Reaction.MISS);

        CommandRun run = compare(FOUND + MISSED_BY_B);

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out().replace(System.lineSeparator(), "\n"))
                .startsWith("A          " + a.target() + ": fake 0123456789ab; server 1.2.3, none 7 on cpu\n")
                .contains("\nB          " + b.target() + ": fake 0123456789ab; server 1.2.3, none 7 on cpu\n")
                .contains("data       " + data() + " (conll), 2 texts of 3 words")
                .contains("agreement  50.00 % of entities that either finds (1 both, 1 only A, 0 only B); 1 of 2 texts"
                        + " differ")
                .contains("intervals  95 %, paired bootstrap, 2000 resamples of the texts")
                .endsWith("""

                        ENTITIES                              A                     B    B - A
                        LABEL      SUPPORT   PREC    REC     F1    PREC    REC     F1       F1          INTERVAL
                        loc              2 100.00 100.00 100.00  100.00  50.00  66.67   -33.33  -100.00 to +0.00
                        micro            2 100.00 100.00 100.00  100.00  50.00  66.67   -33.33  -100.00 to +0.00
                        macro              100.00 100.00 100.00  100.00  50.00  66.67   -33.33  -100.00 to +0.00

                        TOKENS                                A                     B    B - A
                        LABEL      SUPPORT   PREC    REC     F1    PREC    REC     F1       F1          INTERVAL
                        loc              3 100.00 100.00 100.00  100.00  66.67  80.00   -20.00  -100.00 to +0.00
                        micro            3 100.00 100.00 100.00  100.00  66.67  80.00   -20.00  -100.00 to +0.00
                        macro              100.00 100.00 100.00  100.00  66.67  80.00   -20.00  -100.00 to +0.00
                        """);
    }

    @Test
    void bothAreAskedTheSame() throws IOException {
        compare((FOUND + MISSED_BY_B).repeat(3), "--threshold=0.3", "--map=LOC=place");

        assertThat(a.requests()).hasSize(6);
        assertThat(b.requests()).containsExactlyInAnyOrderElementsOf(a.requests());
        assertThat(a.onlyRequest().getLabelsList()).containsExactly("place");
        assertThat(a.onlyRequest().getOptions().getThreshold()).isEqualTo(0.3f);
    }

    @Test
    void writesJson() throws IOException {
        b.react("Paris", Reaction.MISS);

        CommandRun run = compare(FOUND + MISSED_BY_B, "--report=-");

        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(f1(report, "a")).isEqualTo(1);
        assertThat(f1(report, "b")).isEqualTo(2.0 / 3);
        assertThat(report.getAsJsonObject("agreement").toString())
                .isEqualTo("{\"equal\":1,\"onlyA\":1,\"onlyB\":0,\"share\":0.5,\"textsThatDiffer\":1}");
        JsonObject difference = report.getAsJsonObject("difference");
        assertThat(difference.get("confidence").getAsDouble()).isEqualTo(0.95);
        assertThat(difference.get("resamples").getAsInt()).isEqualTo(2000);
        JsonObject micro = difference.getAsJsonObject("entities").getAsJsonObject("micro");
        assertThat(micro.get("value").getAsDouble()).isEqualTo(2.0 / 3 - 1);
        assertThat(micro.get("low").getAsDouble()).isEqualTo(-1);
        assertThat(micro.get("high").getAsDouble()).isZero();
        assertThat(difference
                        .getAsJsonObject("tokens")
                        .getAsJsonObject("byLabel")
                        .has("loc"))
                .isTrue();
        assertThat(run.err()).contains("B - A");
    }

    private static double f1(JsonObject report, String side) {
        return report.getAsJsonObject(side)
                .getAsJsonObject("entities")
                .getAsJsonObject("micro")
                .get("f1")
                .getAsDouble();
    }

    @Test
    void equalAnswersDifferByNothing() throws IOException {
        CommandRun run = compare(FOUND + MISSED_BY_B, "--report=-");

        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(report.getAsJsonObject("agreement").get("share").getAsDouble())
                .isEqualTo(1);
        assertThat(report.getAsJsonObject("difference")
                        .getAsJsonObject("entities")
                        .getAsJsonObject("micro")
                        .toString())
                .isEqualTo("{\"value\":0.0,\"low\":0.0,\"high\":0.0}");
    }

    @Test
    void aTextThatOnlyOneSideRefusesIsAnErrorWithItsLine() throws IOException {
        b.react("Paris", Reaction.REFUSE);

        CommandRun run = compare(FOUND + MISSED_BY_B);

        assertThat(run.err().lines().filter(line -> line.startsWith("nuner eval")))
                .containsExactly("nuner eval: " + data() + ":4: --compare " + b.target()
                        + " refuses this text, the other side does not: INVALID_ARGUMENT: text must not be that");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aTextThatBothRefuseCountsAsMissedByBoth() throws IOException {
        CommandRun run = compare(FOUND + REFUSED);

        assertThat(run.err()).contains("refused: " + data() + ":4: INVALID_ARGUMENT: text must not be bad");
        assertThat(run.out())
                .contains("refused    1 texts; their entities count as missed")
                .containsPattern("per +1 +0.00 +0.00 +0.00 +0.00 +0.00 +0.00 +\\+0.00");
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aSideThatDoesNotServeIsNamed() throws IOException {
        CommandRun run =
                CommandRun.of("eval", "--data=" + write(FOUND), "--target=" + a.target(), "--compare=localhost:1");

        assertThat(run.err())
                .startsWith("nuner eval: UNAVAILABLE: --compare localhost:1 does not serve: ")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(a.requests()).isEmpty();
    }

    @Test
    void aSideThatEndsInTheMiddleIsNamed() throws IOException {
        b.react("Paris", Reaction.CLOSE);

        CommandRun run = compare(FOUND.repeat(20) + MISSED_BY_B + FOUND.repeat(20), "--concurrency=1");

        assertThat(b.requests()).hasSizeGreaterThan(20);
        assertThat(run.err().lines().filter(line -> line.startsWith("nuner eval: ")))
                .hasSize(1)
                .allMatch(line -> line.contains("--compare " + b.target()));
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aLabelThatOneSideRefusesIsNamedWithTheSide() throws IOException {
        CommandRun run = compare(FOUND + REFUSED, "--map=PER=twice");

        assertThat(run.err())
                .containsPattern("nuner eval: --(target|compare) localhost:[0-9]+: INVALID_ARGUMENT: label twice gives"
                        + " the model the same tokens as label loc");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void modelsOfTwoFamiliesAreNotCompared() throws IOException {
        a.serve(a.model().toBuilder().setEncoder("bert").build());
        b.serve(b.model().toBuilder().setEncoder("deberta").build());

        CommandRun run = compare(FOUND);

        assertThat(run.err().lines())
                .containsExactly("nuner eval: --target " + a.target() + " and --compare " + b.target()
                        + " differ in their encoder: bert and deberta");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(a.requests()).isEmpty();
    }

    @Test
    void whatIsLeftToTheServersMustMeanTheSameToBoth() throws IOException {
        b.serve(b.model().toBuilder()
                .setDefaultMergePolicy(MergePolicy.MERGE_POLICY_NONE)
                .build());

        CommandRun refused = compare(FOUND);
        CommandRun chosen = compare(FOUND, "--no-merge");

        assertThat(refused.err()).contains(" differ in their default merge rule: adjacent and none");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(chosen.exitCode()).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--target", "--compare"})
    void whatIsNeitherAnAddressNorADirectoryIsAWrongCommandLine(String option) throws IOException {
        CommandRun run = CommandRun.of("eval", "--data=" + write(FOUND), option + "=" + directory.resolve("absent"));

        assertThat(run.err())
                .startsWith("nuner eval: " + option + " must be HOST:PORT, such as localhost:8001 or [::1]:8001")
                .contains(", or the directory of a model (see nuner eval --help)")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--target", "--compare"})
    void aDirectoryWithoutAModelIsNamed(String option) throws IOException {
        String other = option.equals("--target") ? "--compare=" : "--target=";

        CommandRun run = CommandRun.of(
                "eval", "--data=" + write(FOUND), option + "=" + directory, other + a.target(), "--cache=" + directory);

        assertThat(run.err())
                .startsWith("nuner eval: " + option + " " + directory + " holds neither manifest.json")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
    }

    @Test
    void theEnvironmentNamesTheOtherSide() throws IOException {
        Map<String, String> environment = Map.of("NUNER_TARGET", a.target(), "NUNER_COMPARE", b.target());

        CommandRun run = CommandRun.with(environment, "eval", "--data=" + write(FOUND));

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(b.requests()).hasSize(1);
    }

    private CommandRun compare(String content, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("eval", "--data=" + write(content), "--target=" + a.target(), "--compare=" + b.target()));
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
