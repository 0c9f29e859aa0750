package io.nuner.cli.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.LabelOverflow;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import io.nuner.v1.WordSplitting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractCommandTest {
    @RegisterExtension
    private final FakeServer server = new FakeServer();

    @Test
    void tenantKeyAndPriorityTravelToTheServer(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "sesame\n");

        CommandRun run = extract("--bulk", "--tenant=search", "--key-file=" + key, "Ada");

        assertThat(run.err()).isEmpty();
        assertThat(server.onlyRequest().getPriority()).isEqualTo(Priority.PRIORITY_BULK);
        assertThat(server.lastMetadata("nuner-tenant")).isEqualTo("search");
        assertThat(server.lastMetadata("nuner-key")).isEqualTo("sesame");
    }

    @Test
    void withoutThemACallIsInteractiveAndNobodysInParticular() {
        extract("Ada");

        assertThat(server.onlyRequest().getPriority()).isEqualTo(Priority.PRIORITY_INTERACTIVE);
        assertThat(server.lastMetadata("nuner-tenant")).isEmpty();
        assertThat(server.lastMetadata("nuner-key")).isEmpty();
    }

    @Test
    void printsATableOfEntities() {
        CommandRun run = extract("Ada");

        assertThat(run.out()).isEqualToNormalizingNewlines("""
             START     END  LABEL   SCORE  TEXT
                 0       3  person  0.750  Ada
            """);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void saysSoWhenNothingWasFound() {
        assertThat(extract("nothing").out()).isEqualToNormalizingNewlines("no entities\n");
    }

    @Test
    void saysHowMuchOfATruncatedTextWasSearched() {
        assertThat(extract("long", "--truncate").out())
                .contains("only the first 1 words were searched, up to offset 4");
        assertThat(extract("long", "--truncate", "--json").out()).endsWith("\"truncated\":true,\"searchedEnd\":4}\n");
    }

    @Test
    void controlCharactersNeverReachTheTerminal() {
        CommandRun run = extract("a\nb\u001b[31m");

        assertThat(run.out()).contains("a\\nb\\u001b[31m").doesNotContain("\u001b");
    }

    @Test
    void printsJsonForOtherPrograms() {
        CommandRun run = extract("Ada", "--json");

        assertThat(run.out())
                .isEqualToNormalizingNewlines(
                        "{\"entities\":[{\"start\":0,\"end\":3,\"text\":\"Ada\",\"label\":\"person\",\"score\":0.75}],"
                                + "\"truncated\":false}\n");
    }

    @Test
    void optionsReachTheServer() {
        extract(
                "Ada",
                "--threshold=0.25",
                "--multi-label",
                "--nested",
                "--no-merge",
                "--offset-unit=utf8-byte",
                "--truncate");

        var options = server.onlyRequest().getOptions();
        assertThat(options.getThreshold()).isEqualTo(0.25f);
        assertThat(options.getMultiLabel()).isTrue();
        assertThat(options.getFlatNer()).isFalse();
        assertThat(options.getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_NONE);
        assertThat(options.getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_UTF8_BYTE);
        assertThat(options.getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE);
    }

    @Test
    void defaultsAreTheServersOwn() {
        extract("Ada");

        var options = server.onlyRequest().getOptions();
        assertThat(options.getThreshold()).isEqualTo(0.5f);
        assertThat(options.getMultiLabel()).isFalse();
        assertThat(options.getFlatNer()).isTrue();
        assertThat(options.getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_UNSPECIFIED);
        assertThat(options.getOffsetUnit()).isEqualTo(OffsetUnit.OFFSET_UNIT_CODE_POINT);
        assertThat(options.getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_UNSPECIFIED);
        assertThat(options.getLabelOverflow()).isEqualTo(LabelOverflow.LABEL_OVERFLOW_REJECT);
        assertThat(options.getWordSplitting()).isEqualTo(WordSplitting.WORD_SPLITTING_REFERENCE);
    }

    @ParameterizedTest
    @CsvSource({
        "--merge=none, MERGE_POLICY_NONE",
        "--merge=adjacent, MERGE_POLICY_ADJACENT",
        "--merge=consecutive, MERGE_POLICY_CONSECUTIVE",
        "--merge=CONSECUTIVE, MERGE_POLICY_CONSECUTIVE",
        "--merge=true, MERGE_POLICY_ADJACENT",
        "--merge=false, MERGE_POLICY_NONE",
        "--merge, MERGE_POLICY_ADJACENT",
        "--merge consecutive, MERGE_POLICY_CONSECUTIVE",
        "--merge none, MERGE_POLICY_NONE",
        "--merge --, MERGE_POLICY_ADJACENT",
        "--no-merge, MERGE_POLICY_NONE"
    })
    void theMergeRuleTravelsAndTakesNoText(String option, MergePolicy policy) {
        CommandRun run = extract((option + " Consecutive").split(" ", -1));

        assertThat(run.err()).isEmpty();
        assertThat(server.onlyRequest().getText()).isEqualTo("Consecutive");
        assertThat(server.onlyRequest().getOptions().getMergePolicy()).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource({
        "NUNER_MERGE, consecutive, --json, MERGE_POLICY_CONSECUTIVE",
        "NUNER_MERGE, false, --json, MERGE_POLICY_NONE",
        "NUNER_MERGE, consecutive, --no-merge, MERGE_POLICY_NONE",
        "NUNER_MERGE, none, --merge, MERGE_POLICY_ADJACENT",
        "NUNER_NO_MERGE, true, --json, MERGE_POLICY_NONE",
        "NUNER_NO_MERGE, true, --merge=consecutive, MERGE_POLICY_CONSECUTIVE"
    })
    void theCommandLineGoesBeforeTheEnvironment(String name, String value, String option, MergePolicy policy) {
        CommandRun run = CommandRun.with(
                Map.of(name, value), "extract", "--label=person", "--target=" + server.target(), option, "Ada");

        assertThat(run.err()).isEmpty();
        assertThat(server.onlyRequest().getOptions().getMergePolicy()).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource({
        "--long-text=window, LONG_TEXT_POLICY_WINDOW",
        "--long-text=reject, LONG_TEXT_POLICY_REJECT",
        "--long-text=truncate, LONG_TEXT_POLICY_TRUNCATE",
        "--truncate, LONG_TEXT_POLICY_TRUNCATE"
    })
    void thePolicyForLongTextsTravels(String option, LongTextPolicy policy) {
        assertThat(extract(option, "Ada").err()).isEmpty();
        assertThat(server.onlyRequest().getOptions().getLongText()).isEqualTo(policy);
    }

    @Test
    void onePolicyForLongTextsAtATime() {
        CommandRun run = extract("--long-text=window", "--truncate", "Ada");

        assertThat(run.err()).startsWith("nuner extract: --long-text excludes --truncate");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(extract("--long-text=truncate", "--truncate", "Ada").exitCode())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void thePolicyOfTheCommandLineGoesBeforeTheEnvironment() {
        CommandRun.with(
                Map.of("NUNER_TRUNCATE", "true"),
                "extract",
                "--label=person",
                "--target=" + server.target(),
                "--long-text=window",
                "Ada");

        assertThat(server.onlyRequest().getOptions().getLongText()).isEqualTo(LongTextPolicy.LONG_TEXT_POLICY_WINDOW);
    }

    @Test
    void overflowAndSplittingTravel() {
        extract("--label-overflow=split", "--word-splitting=unicode", "Ada");

        var options = server.onlyRequest().getOptions();
        assertThat(options.getLabelOverflow()).isEqualTo(LabelOverflow.LABEL_OVERFLOW_SPLIT);
        assertThat(options.getWordSplitting()).isEqualTo(WordSplitting.WORD_SPLITTING_UNICODE);
    }

    @Test
    void saysOfWhatTheScoresDependAndWhatWasCut() {
        assertThat(extract("grouped").out())
                .contains("the labels were asked for in 3 groups, on which the scores depend");
        assertThat(extract("grouped", "--json").out()).endsWith("\"truncated\":false,\"labelGroups\":3}\n");
        assertThat(extract("cut").out()).contains("cut: 1 entities that grew past 64 KiB were ended there");
        assertThat(extract("cut", "--json").out()).endsWith("\"truncated\":false,\"cutEntities\":1}\n");
        assertThat(extract("shortened").out())
                .contains("shortened: of 2 words larger than the model reads at once, only the beginning was read");
        assertThat(extract("shortened", "--json").out()).endsWith("\"truncated\":false,\"shortenedWords\":2}\n");
    }

    @Test
    void whatIsFinalIsPrintedOfADocumentThatEveryServerStops() {
        CommandRun run = extract("stop".repeat(3000));

        assertThat(run.out()).isEqualToNormalizingNewlines("""
             START     END  LABEL   SCORE  TEXT
                 0    6000  person  0.750  sto
            """);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("nuner extract: UNAVAILABLE: --target " + server.target()
                        + " stops; TEXT 1 was searched up to offset 6000\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(server.documents()).hasSize(3);
    }

    @Test
    void aLineOfJsonThatIsNotWholeHoldsTheError() {
        CommandRun run = extract("--json", "stop".repeat(3000));

        assertThat(run.out())
                .startsWith("{\"entities\":[{\"start\":0,\"end\":6000,")
                .contains("\"searchedEnd\":6000,\"error\":{\"code\":\"UNAVAILABLE\"");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aDocumentThatOneServerStopsIsSearchedAgainAndPrintedOnce() {
        CommandRun run = extract("once" + "stop".repeat(3000));

        assertThat(run.out()).isEqualToNormalizingNewlines("""
             START     END  LABEL   SCORE  TEXT
                 0    6002  person  0.750  onc
              6002   12004  person  0.750  ops
            """);
        assertThat(run.err()).isEmpty();
        assertThat(server.documents()).hasSize(2);
    }

    @Test
    void oneRuleOfMergingAtATime() {
        CommandRun run = extract("--merge=consecutive", "--no-merge", "Ada");

        assertThat(run.err()).startsWith("nuner extract: --merge excludes --no-merge");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void blanksAroundCommasAreNotPartOfALabel() {
        CommandRun.of("extract", "--label", "person, movie character ,\tplace", "--target=" + server.target(), "Ada");

        assertThat(server.onlyRequest().getLabelsList()).containsExactly("person", "movie character", "place");
    }

    @Test
    void theEnvironmentGivesWhatTheCommandLineLeavesOut() {
        Map<String, String> environment = Map.of(
                "NUNER_TARGET", server.target(),
                "NUNER_LABEL", "person, city",
                "NUNER_JSON", "true",
                "NUNER_MERGE", "true",
                "NUNER_THRESHOLD", "0.9");

        CommandRun run = CommandRun.with(environment, "extract", "--json", "--threshold", "0.1", "Ada");

        assertThat(run.out()).startsWith("{");
        assertThat(server.onlyRequest().getLabelsList()).containsExactly("person", "city");
        assertThat(server.onlyRequest().getOptions().getThreshold()).isEqualTo(0.1f);
        assertThat(server.onlyRequest().getOptions().getMergePolicy()).isEqualTo(MergePolicy.MERGE_POLICY_ADJACENT);
    }

    @Test
    void aFileIsOneText(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "Ada\nBob");

        extract("--file", file.toString());

        assertThat(server.onlyRequest().getText()).isEqualTo("Ada\nBob");
    }

    @Test
    void everyLineMayBeAText(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "Ada\n\nbad\nBob\n");

        CommandRun run = extract("--json", "--lines", "--file", file.toString());

        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.out().lines().skip(1).findFirst().orElseThrow())
                .isEqualTo("{\"error\":{\"code\":\"INVALID_ARGUMENT\",\"field\":\"\"," + "\"message\":\"--file " + file
                        + ":3 must not be bad\"}}");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void severalTextsAreNumbered() {
        assertThat(extract("Ada", "nothing").out())
                .contains("text 1")
                .contains("text 2" + System.lineSeparator() + "no entities");
    }

    @Test
    void aRefusalIsOneLine() {
        CommandRun run = extract("bad");

        assertThat(run.err()).isEqualToNormalizingNewlines("nuner extract: INVALID_ARGUMENT: TEXT 1 must not be bad\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void anUnreachableServerIsNamed() {
        CommandRun run = CommandRun.of("extract", "--label=person", "--target=localhost:1", "Ada");

        assertThat(run.err()).startsWith("nuner extract: UNAVAILABLE: --target localhost:1 does not serve: ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aMissingFileIsNamed() {
        CommandRun run = extract("--file", "/does/not/exist");

        assertThat(run.err()).contains("--file /does/not/exist");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aFileThatIsNotUtf8IsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("latin1"), "é".getBytes(StandardCharsets.ISO_8859_1));

        CommandRun run = extract("--file", file.toString());

        assertThat(run.err()).contains("latin1 is not valid UTF-8");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        "--thresold=1, --thresold",
        "--threshold=2, '--threshold must be in [0, 1], but was 2.0'",
        "--threshold=x, --threshold",
        "--offset-unit=bytes, --offset-unit",
        "--merge=all, 'must be none, adjacent or consecutive'",
        "--timeout=10, 'must look like 500ms, 10s or 2m, but was 10'",
        "--timeout=0s, --timeout must be positive",
        "--document-timeout=0s, --document-timeout must be positive",
        "--long-text=cut, --long-text",
        "--label-overflow=cut, --label-overflow",
        "--word-splitting=cut, --word-splitting",
        "--label-option==x, 'must look like NAME=PROMPT@THRESHOLD'",
        "--label-option=drug=medicine@1.5, 'threshold of a label must be in [0, 1], but was 1.5'"
    })
    void aWrongOptionIsOneLineThatNamesIt(String option, String named) {
        CommandRun run = extract("Ada", option);

        assertThat(run.err()).contains(named);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void labelsAreRequired() {
        CommandRun run = CommandRun.of("extract", "Ada");

        assertThat(run.err())
                .startsWith("nuner extract: --label, --label-option or --labels-file must say what to look for");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
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
