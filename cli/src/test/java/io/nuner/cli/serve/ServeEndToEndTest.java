package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import io.nuner.cli.common.ExitCode;
import io.nuner.client.ClientConfig;
import io.nuner.client.Entity;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.model.testing.FixtureCase;
import io.nuner.model.testing.FixtureEntity;
import io.nuner.model.testing.FixturePrediction;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.OffsetUnit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeEndToEndTest {
    private static final String[] SENTENCE = {"extract", "--label=person,city", "--json", "Ada went to Paris."};

    @TempDir
    private Path directory;

    @Test
    void servesACheckpointAndDrainsOnSigterm() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.PYTORCH_BIN);

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"))) {
            CommandRun run = CommandRun.with(Map.of("NUNER_TARGET", "localhost:" + server.port()), SENTENCE);

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("{\"entities\":[");
            assertThat(server.terminate()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void theNextStartFindsTheExportInTheCache() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path cache = directory.resolve("cache");

        try (ServerProcess first = ServerProcess.start(checkpoint, cache);
                ServerProcess second = ServerProcess.start(checkpoint, cache)) {
            assertThat(first.startLines()).anyMatch(line -> line.startsWith("exporting: "));
            assertThat(second.startLines()).noneMatch(line -> line.startsWith("exporting: "));
        }
    }

    @Test
    void theConfigurationIsPrintedOnce() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"))) {
            assertThat(server.startLines())
                    .filteredOn(line -> line.contains("maxRequests=512"))
                    .hasSize(1);
        }
    }

    @Test
    void aGpuThatIsNotThereIsOneWarning() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"))) {
            assertThat(server.startLines())
                    .filteredOn(line -> line.contains(" WARN "))
                    .hasSize(1)
                    .allMatch(line -> line.contains("tensorrt cannot be used: "));
        }
    }

    @Test
    void aPortInUseIsOneLineThatNamesIt() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"))) {
            CommandRun run = CommandRun.of("serve", "--model=" + checkpoint, "--port=" + server.port());

            assertThat(run.err()).contains("--port " + server.port()).hasLineCount(1);
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        }
    }

    @Test
    void answersAreTheReferences() throws Exception {
        Path checkpoint = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"));
                ExtractionClient client =
                        ExtractionClient.connect(ClientConfig.plaintext("localhost:" + server.port()))) {
            for (FixtureCase fixture : lowerCased(Fixtures.MARKER_V0_W3.cases())) {
                compare(client, fixture);
            }
        }
    }

    @Test
    void anEvaluationAgainstItsOwnAnswersIsPerfect() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        List<String> words = List.of("Marta", "went", "to", "the", "harbour", "council", "in", "June", ".");
        Path data = directory.resolve("data.json");

        try (ServerProcess server = ServerProcess.start(checkpoint, directory.resolve("cache"));
                ExtractionClient client =
                        ExtractionClient.connect(ClientConfig.plaintext("localhost:" + server.port()))) {
            List<Entity> answers = client.extract(
                            String.join(" ", words),
                            Labels.of("person"),
                            ExtractionOptions.builder()
                                    .merge(MergePolicy.MERGE_POLICY_NONE)
                                    .build())
                    .entities();
            Files.writeString(data, annotated(words, answers));
            CommandRun run =
                    CommandRun.of("eval", "--data=" + data, "--no-merge", "--target=localhost:" + server.port());

            assertThat(answers).isNotEmpty();
            assertThat(run.out()).containsPattern("micro +[0-9]+ 100.00 100.00 100.00 +[0-9]+ 100.00 100.00 100.00");
        }
    }

    /** GLiNER's JSON of one text whose entities are single words. */
    private static String annotated(List<String> words, List<Entity> entities) {
        List<List<Object>> spans = new ArrayList<>();
        for (Entity entity : entities) {
            Object word = words.indexOf(entity.text());
            spans.add(List.of(word, word, entity.label()));
        }
        return new Gson().toJson(List.of(Map.of("tokenized_text", words, "ner", spans)));
    }

    private static void compare(ExtractionClient client, FixtureCase fixture) throws Exception {
        for (FixturePrediction prediction : fixture.predictions()) {
            if (!prediction.nearThreshold()) {
                ExtractionOptions options = options(prediction);
                List<Entity> entities = client.extract(fixture.text(), Labels.of(fixture.labels()), options)
                        .entities();

                assertThat(entities.stream().map(ServeEndToEndTest::place))
                        .as(fixture + " " + prediction.options())
                        .containsExactlyInAnyOrderElementsOf(prediction.entities().stream()
                                .map(ServeEndToEndTest::place)
                                .toList());
            }
        }
    }

    private static ExtractionOptions options(FixturePrediction prediction) {
        return ExtractionOptions.builder()
                .threshold((float) prediction.options().threshold())
                .multiLabel(prediction.options().multiLabel())
                .nested(!prediction.options().flatNer())
                .merge(MergePolicy.MERGE_POLICY_NONE)
                .offsetUnit(OffsetUnit.OFFSET_UNIT_CODE_POINT)
                .longText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                .build();
    }

    /** The reference takes labels as they are; the server lower-cases them. */
    private static List<FixtureCase> lowerCased(List<FixtureCase> cases) {
        return cases.stream()
                .filter(fixture ->
                        fixture.labels().stream().allMatch(label -> label.equals(label.toLowerCase(Locale.ROOT))))
                .toList();
    }

    private static String place(Entity entity) {
        return entity.start() + "-" + entity.end() + " " + entity.label();
    }

    private static String place(FixtureEntity entity) {
        return entity.start() + "-" + entity.end() + " " + entity.label();
    }
}
