package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ExitCode;
import io.nuner.model.ExportedFiles;
import io.nuner.model.hub.FakeHub;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.ShardedWeights;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as people publish them, given to the commands: the export is that of the plain form, or the line names the cause. */
class ReportedCasesTest {
    private static final String MODEL = "gliner_config.json";
    private static final String ENCODER = "encoder_config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 5\n";

    @TempDir
    private Path directory;

    /** F2: gliner_multi and relatives. */
    @Test
    void aModelWhoseEncoderIsDescribedElsewhereIsFetchedAndExported() throws IOException {
        Path plain = checkpoint();
        rename(plain.resolve(MODEL), "tiny-deberta", "microsoft/mdeberta-v3-base");
        try (FakeHub hub = new FakeHub()) {
            hub.add("owner/multi", MODEL, Files.readAllBytes(plain.resolve(MODEL)));
            hub.add("owner/multi", WEIGHTS, Files.readAllBytes(plain.resolve(WEIGHTS)));
            hub.add("microsoft/mdeberta-v3-base", "config.json", Files.readAllBytes(plain.resolve(ENCODER)));
            hub.add(
                    "microsoft/mdeberta-v3-base",
                    "tokenizer.json",
                    Files.readAllBytes(plain.resolve("tokenizer.json")));

            CommandRun run = CommandRun.with(
                    Map.of("HF_ENDPOINT", hub.address()), "fetch", "owner/multi", "--cache=" + directory);

            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
            assertThat(run.err()).contains("config.json and tokenizer.json of microsoft/mdeberta-v3-base at ");
        }
        assertSameFiles(onlyModelOfTheCache(), export(plain));
    }

    /** F14. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "copy", "{\"model_type\":\"gliner\"}"})
    void aConfigurationThatIsNotTheEncoders(String general) throws IOException {
        Path plain = export(checkpoint());
        Path checkpoint = checkpoint();
        String model = Files.readString(checkpoint.resolve(MODEL)).strip();
        String encoder = Files.readString(checkpoint.resolve(ENCODER));
        String nested = model.substring(0, model.length() - 1) + ", \"encoder_config\": " + encoder + "}";
        Files.writeString(checkpoint.resolve(MODEL), nested);
        Files.writeString(checkpoint.resolve("config.json"), general.equals("copy") ? nested : general);
        Files.delete(checkpoint.resolve(ENCODER));

        assertSameFiles(export(checkpoint), plain);
    }

    /** layout-13. */
    @Test
    void shards() {
        Path checkpoint = checkpoint();
        ShardedWeights.split(checkpoint, 3);

        assertSameFiles(export(checkpoint), export(checkpoint()));
    }

    /** layout-14. */
    @Test
    void onnxOnly() throws IOException {
        Path checkpoint = checkpoint();
        Files.createDirectories(checkpoint.resolve("onnx"));
        Files.move(checkpoint.resolve(WEIGHTS), checkpoint.resolve("onnx/model.onnx"));

        assertRefused(checkpoint, "nor pytorch_model.bin, but onnx/model.onnx (ONNX), which is not supported");
    }

    /** F18. */
    @ParameterizedTest
    @CsvSource({"SAFETENSORS, model.safetensors", "PYTORCH_BIN, pytorch_model.bin", "SAFETENSORS, tokenizer.json"})
    void pointersAndPages(WeightsFormat format, String name) throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, format);
        Files.writeString(checkpoint.resolve(name), POINTER);
        assertRefused(checkpoint, name + ": is a Git LFS pointer, not the file itself");

        Files.writeString(checkpoint.resolve(name), "<!doctype html>\n<title>404</title>");
        assertRefused(checkpoint, name + ": is an HTML page, not the file itself");
    }

    private Path checkpoint() {
        return Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    private Path export(Path checkpoint) {
        Path out = directory.resolve("exported-" + checkpoint.getFileName());
        CommandRun run = CommandRun.of("export", "--checkpoint=" + checkpoint, "--out=" + out);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        return out;
    }

    private void assertRefused(Path checkpoint, String reason) {
        CommandRun run = CommandRun.of("export", "--checkpoint=" + checkpoint, "--out=" + directory.resolve("refused"));

        assertThat(run.err()).contains(reason);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_MODEL);
    }

    private Path onlyModelOfTheCache() throws IOException {
        try (var entries = Files.list(directory.resolve("models"))) {
            List<Path> models = entries.filter(Files::isDirectory).toList();
            assertThat(models).hasSize(1);
            return models.get(0);
        }
    }

    private static void rename(Path file, String from, String to) throws IOException {
        String content = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(content).contains(from);
        Files.writeString(file, content.replace(from, to));
    }

    /** The same graphs, weights and tokenizer give the same answers. */
    private static void assertSameFiles(Path one, Path other) {
        for (String name : ExportedFiles.ALL) {
            try {
                assertThat(Files.mismatch(one.resolve(name), other.resolve(name)))
                        .as(name)
                        .isEqualTo(-1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
