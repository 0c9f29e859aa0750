package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.ServerProcess;
import io.nuner.cli.common.ExitCode;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import io.nuner.model.testing.RandomCheckpoint;
import io.nuner.model.testing.SpoiledWeights;
import io.nuner.v1.QuantizationAccuracy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --weights int8} from the command line to {@code GetServerInfo}: measured, told, refused. */
class Int8ExportTest {
    private static final String INT8 = "--weights=int8";

    @TempDir
    private Path directory;

    private Path good = Path.of("unset");
    private Path spoiled = Path.of("unset");
    private Path out = Path.of("unset");

    @BeforeEach
    void writeCheckpoints() {
        good = directory.resolve("good");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, good);
        spoiled = directory.resolve("spoiled");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, spoiled);
        SpoiledWeights.spoil(spoiled);
        out = directory.resolve("models").resolve("out");
    }

    @Test
    void theFiguresArePrintedAlsoOfTextsOfOnesOwn() throws IOException {
        Path texts = directory.resolve("own.jsonl");
        Files.writeString(texts, "{\"text\": \"Ada met Tuan in Lisbon.\", \"labels\": [\"person\"]}\n".repeat(3));

        CommandRun run = export(good, "--texts=" + texts);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains(
                        "int8 beside float32 on 156 texts that ship with this program:",
                        "decided by float32",
                        "1 label")
                .contains("int8 beside float32 on 3 texts of your own:", "above 0.5 on one side only")
                .endsWith("exported " + good.getFileName() + " to " + out + System.lineSeparator());
        assertThat(run.err())
                .contains("exporting: float32 encoder layers", "exporting: answers of int8 beside float32");
    }

    @Test
    void badTextsOfOnesOwnAreNamedBeforeAnythingIsMade() throws IOException {
        Path texts = directory.resolve("own.jsonl");
        Files.writeString(texts, "{\"text\": \"Ada\", \"labels\": [\"person\"]}\n{\"text\": \"Ada\"}\n");

        CommandRun run = export(good, "--texts=" + texts);

        assertThat(run.err().strip()).isEqualTo("nuner export: --texts " + texts + ":2: needs an array \"labels\"");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void textsWithoutInt8AreAMistake() {
        CommandRun run = CommandRun.of("export", "--checkpoint=" + good, "--out=" + out, "--texts=" + out);

        assertThat(run.err()).contains("--texts is for --weights int8");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsRoundedBadlyIsRefusedAndLeavesNothing() throws IOException {
        CommandRun run = export(spoiled);

        assertThat(run.err().lines().filter(line -> !line.startsWith("exporting: ")))
                .singleElement()
                .asString()
                .startsWith("nuner export: int8 differs too much from float32: ")
                .contains("is allowed")
                .endsWith("--accept-loss");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
        assertThat(run.out()).isEmpty();
        assertThat(out.getParent()).isEmptyDirectory();
    }

    @Test
    void anAcceptedLossIsToldWhenItIsExportedAndServed() throws Exception {
        CommandRun run = CommandRun.with(
                Map.of("NUNER_ACCEPT_LOSS", "true"), "export", "--checkpoint=" + spoiled, "--out=" + out, INT8);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("beyond the bounds, and was accepted by --accept-loss");

        try (ServerProcess server = ServerProcess.start(out, directory.resolve("cache"));
                ExtractionClient client =
                        ExtractionClient.connect(ClientConfig.plaintext("localhost:" + server.port()))) {
            QuantizationAccuracy accuracy = client.serverInfo().getModel().getAccuracy();

            assertThat(accuracy.getLossAccepted()).isTrue();
            assertThat(accuracy.getBundledTexts().getTexts()).isGreaterThan(100);
            assertThat(accuracy.getBundledTexts().getMeanDifference()).isPositive();
            assertThat(server.startLines())
                    .anyMatch(line -> line.contains(" WARN ") && line.contains("accepted by --accept-loss"));
        }
    }

    @Test
    void theCacheRefusesAtOnceWhatItRefusedBefore() throws IOException {
        String cache = "--cache=" + directory.resolve("cache");
        CommandRun first = CommandRun.of("serve", "--port=0", "--no-metrics", "--model=" + spoiled, INT8, cache);
        CommandRun second = CommandRun.of("serve", "--port=0", "--no-metrics", "--model=" + spoiled, INT8, cache);

        assertThat(first.err()).contains("int8 differs too much from float32", "exporting: ");
        assertThat(first.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
        assertThat(second.err()).contains("int8 differs too much from float32").doesNotContain("exporting: ");
        assertThat(second.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
        try (Stream<Path> left = Files.list(directory.resolve("cache").resolve("models"))) {
            assertThat(left).allMatch(path -> path.toString().endsWith(".lock"));
        }
    }

    private CommandRun export(Path checkpoint, String... options) {
        Stream<String> fixed = Stream.of("export", "--checkpoint=" + checkpoint, "--out=" + out, INT8);
        return CommandRun.of(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
    }
}
