package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ExportedFiles;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.ShardedWeights;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in a directory instead of a checkpoint's or a model's files is called by its name. */
class ForeignFilesTest {
    private static final String POINTER = """
            version https://git-lfs.github.com/spec/v1
            oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
            size 1795612345
            """;
    private static final String PAGE = "\n<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "SAFETENSORS, gliner_config.json",
        "SAFETENSORS, encoder_config.json",
        "SAFETENSORS, tokenizer.json",
        "SAFETENSORS, model.safetensors",
        "PYTORCH_BIN, pytorch_model.bin"
    })
    void aFileOfACheckpoint(WeightsFormat format, String name) throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, format);
        Path file = checkpoint.resolve(name);

        Files.writeString(file, POINTER);
        assertRefused(checkpoint, file + ": is a Git LFS pointer");

        Files.writeString(file, PAGE);
        assertRefused(checkpoint, file + ": is an HTML page");

        Files.writeString(file, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>");
        assertRefused(checkpoint, file + ": is an XML answer");
    }

    @Test
    void aVocabulary() throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Files.delete(checkpoint.resolve("tokenizer.json"));
        Path file = Files.writeString(checkpoint.resolve("spm.model"), POINTER);

        assertRefused(checkpoint, file + ": is a Git LFS pointer");
    }

    @Test
    void anIndexAndAShard() throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path shard = checkpoint.resolve(ShardedWeights.split(checkpoint, 2).get(1));
        Files.writeString(shard, POINTER);
        assertRefused(checkpoint, shard + ": is a Git LFS pointer");

        Path index = Files.writeString(checkpoint.resolve(ShardedWeights.INDEX), PAGE);
        assertRefused(checkpoint, index + ": is an HTML page");
    }

    @Test
    void everyFileOfAnExportedModel() throws IOException, ModelException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path exported = directory.resolve("exported");
        CheckpointExporter.export(checkpoint, exported, ProgressListener.none());
        List<String> names = new ArrayList<>(ExportedFiles.ALL);
        names.add(ModelManifest.FILE);

        for (String name : names) {
            Path file = exported.resolve(name);
            byte[] real = Files.readAllBytes(file);
            Files.writeString(file, POINTER);

            assertThatThrownBy(() -> NerModel.open(exported))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(file + ": is a Git LFS pointer");
            Files.write(file, real);
        }
        NerModel.open(exported).close();
    }

    @ParameterizedTest
    @CsvSource({
        "onnx/model.onnx, ONNX",
        "model_quantized.onnx, ONNX",
        "model.gguf, GGUF",
        "tf_model.h5, TensorFlow",
        "flax_model.msgpack, Flax",
        "rust_model.ot, rust-bert",
        "pytorch_model.bin.index.json, 'torch, in several files'",
        "adapter_model.safetensors, 'safetensors, under another name'"
    })
    void weightsOfAnotherKindAreNamed(String name, String kind) throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path other = checkpoint.resolve(name);
        Files.createDirectories(other.getParent());
        Files.move(checkpoint.resolve("model.safetensors"), other);

        assertRefused(
                checkpoint,
                checkpoint + ": holds neither model.safetensors nor pytorch_model.bin, but " + name + " (" + kind
                        + "), which is not supported");
    }

    @Test
    void oneOfManyStandsForTheOthers() throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Files.delete(checkpoint.resolve("model.safetensors"));
        Files.writeString(checkpoint.resolve("a.onnx"), "x");
        Files.writeString(checkpoint.resolve("b.onnx"), "x");

        assertRefused(checkpoint, "but a.onnx (ONNX) and 1 more, which is not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1, ", "nonsense"})
    void aTokenizerThatIsNoJsonIsNotExplainedInTheWordsOfALibrary(String content) throws IOException {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Files.writeString(checkpoint.resolve("tokenizer.json"), content);

        assertThatThrownBy(() -> export(checkpoint))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tokenizer.json")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("JsonReader", "gson"));
    }

    private void assertRefused(Path checkpoint, String reason) {
        assertThatThrownBy(() -> export(checkpoint))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
    }

    private void export(Path checkpoint) throws ModelException {
        CheckpointExporter.export(checkpoint, directory.resolve("refused"), ProgressListener.none());
    }
}
