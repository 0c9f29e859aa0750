package io.nuner.cli.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.FakeServer;
import io.nuner.cli.common.ExitCode;
import io.nuner.v1.LabelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --label}, {@code --label-option} and {@code --labels-file}. */
class LabelsOptionsTest {
    @RegisterExtension
    private final FakeServer server = new FakeServer();

    private CommandRun extract(String... labels) {
        List<String> all = new ArrayList<>(List.of("extract", "--target=" + server.target()));
        all.addAll(List.of(labels));
        all.add("Ada");
        return CommandRun.of(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "drug=name of a medicine@0.7; drug; name of a medicine; 0.7",
                "drug = name of a medicine @ 0.7 ; drug; name of a medicine; 0.7",
                "drug=name of a medicine; drug; name of a medicine; ",
                "drug@.25; drug; ''; .25",
                "drug@1; drug; ''; 1",
                "drug; drug; ''; ",
                "mail=a@b; mail; a@b; ",
                "mail=a@b@0.5; mail; a@b; 0.5",
                "handle=name such as @7up or @bob; handle; name such as @7up or @bob; ",
                "sum=a=b@0; sum; a=b; 0"
            })
    void anOptionHasANameAPromptAndAThreshold(String written, String name, String prompt, Float threshold) {
        CommandRun run = extract("--label-option", written);

        LabelOption.Builder expected = LabelOption.newBuilder().setName(name).setPrompt(prompt);
        if (threshold != null) {
            expected.setThreshold(threshold);
        }
        assertThat(run.err()).isEmpty();
        assertThat(server.onlyRequest().getLabelOptionsList()).containsExactly(expected.build());
        assertThat(server.onlyRequest().getLabelsList()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drug@0,7", "drug=medicine@-1", "drug@", "drug@ ", "drug@0.7.1", "drug@1e-1", "drug@50%"})
    void aThresholdThatIsNoNumberIsNoPartOfTheName(String written) {
        CommandRun run = extract("--label-option", written);

        assertThat(run.err()).contains("must have a number from 0 to 1 behind the last @");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aFileHoldsOneALine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("labels"), "\uFEFF# what we look for\n\ndrug=name of a medicine@0.7\nperson\n");

        extract("--labels-file=" + file);

        assertThat(server.onlyRequest().getLabelOptionsList())
                .extracting(LabelOption::getName)
                .containsExactly("drug", "person");
    }

    @Test
    void plainLabelsMayStandBesideOthers() {
        extract("--label=person, city", "--label-option=drug=medicine");

        assertThat(server.onlyRequest().getLabelsList()).isEmpty();
        assertThat(server.onlyRequest().getLabelOptionsList())
                .extracting(LabelOption::getName)
                .containsExactly("person", "city", "drug");
    }

    @Test
    void plainLabelsAloneStayPlain() {
        extract("--label=person, city");

        assertThat(server.onlyRequest().getLabelsList()).containsExactly("person", "city");
        assertThat(server.onlyRequest().getLabelOptionsList()).isEmpty();
    }

    @Test
    void aWrongLineIsNamedAndNotShown(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("labels"), "person\n=secret\n");

        CommandRun run = extract("--labels-file=" + file);

        assertThat(run.err())
                .isEqualToNormalizingNewlines("nuner extract: --labels-file " + file
                        + ":2 must look like NAME=PROMPT@THRESHOLD, with or without prompt and threshold\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aLabelThatTheServerRefusesIsNamedByItsLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("labels"), "# ours\n\nx=y\n");

        CommandRun run = extract("--label=twice,person", "--labels-file=" + file);

        assertThat(run.err())
                .isEqualToNormalizingNewlines("nuner extract: INVALID_ARGUMENT: the prompt of --labels-file " + file
                        + ":3 gives the model the same tokens as label 1 of --label\n");
    }

    @Test
    void aMissingFileIsNamed() {
        CommandRun run = extract("--labels-file=/does/not/exist");

        assertThat(run.err()).contains("--labels-file /does/not/exist cannot be read: not found");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }
}
