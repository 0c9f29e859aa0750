package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nuner eval} of directories, in a process of its own: it serves the models for as long as it asks. */
class EvalOfModelsTest {
    @TempDir
    private Path directory;

    @Test
    void aCheckpointIsComparedWithAnExportOfItInInt8() throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path int8 = directory.resolve("int8");
        QuantizedExport.export(checkpoint, int8, new GivenMagnitudes(), ProgressListener.none());
        Path data =
                Files.writeString(directory.resolve("data.txt"), "Ada B-PER\nwent O\nto O\nParis B-LOC\n\n".repeat(5));
        Path report = directory.resolve("report.json");

        List<String> lines = eval(
                "--target=" + checkpoint, "--compare=" + int8, "--data=" + data, "--report=" + report, "--threshold=0");

        JsonObject json = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
        assertThat(json.getAsJsonObject("a")
                        .getAsJsonObject("server")
                        .get("engine")
                        .getAsString())
                .isEqualTo("onnx");
        assertThat(sha256(json, "a")).isNotEqualTo(sha256(json, "b"));
        assertThat(json.getAsJsonObject("agreement").get("equal").getAsInt()).isPositive();
        assertThat(lines).anyMatch(line -> line.startsWith("agreement "));
        assertThat(lines).noneMatch(line -> line.contains(" INFO ") || line.contains(" WARN "));
    }

    private static String sha256(JsonObject report, String side) {
        return report.getAsJsonObject(side)
                .getAsJsonObject("model")
                .get("sha256")
                .getAsString();
    }

    private List<String> eval(String... options) throws Exception {
        String[] words = new String[options.length + 1];
        words[0] = "eval";
        System.arraycopy(options, 0, words, 1, options.length);
        try (CleanProcess process = CleanProcess.start(List.of(), directory, words)) {
            List<String> lines = process.awaitEnd();
            assertThat(process.exitCode()).as(String.join("\n", lines)).isEqualTo(ExitCode.OK);
            return lines;
        }
    }
}
