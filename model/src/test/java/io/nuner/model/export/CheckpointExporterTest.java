package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.FileDigest;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointExporterTest {
    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");
    private Path out = Path.of("unset");

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
        out = directory.resolve("models").resolve("exported");
    }

    @Test
    void aModelIsNamedByItsDirectoryEvenIfThatIsARoot() {
        assertThat(CheckpointExporter.nameOf(Path.of("/models/small/."))).isEqualTo("small");
        assertThat(CheckpointExporter.nameOf(Path.of("/"))).isEqualTo("model");
    }

    @Test
    void theManifestSaysWhatTheModelIs() throws ModelException {
        ModelManifest manifest = export();

        assertThat(manifest.spanMode()).isEqualTo("markerV0");
        assertThat(manifest.maxWidth()).isEqualTo(3);
        assertThat(manifest.maxWords()).isEqualTo(40);
        assertThat(manifest.vocabularySize()).isEqualTo(190);
        assertThat(manifest.sha256()).hasSize(64);
        try (NerModel model = NerModel.open(out)) {
            assertThat(model.manifest()).isEqualTo(manifest);
            assertThat(model.manifest().sha256()).isEqualTo(manifest.sha256());
        }
    }

    /** Whoever changes these graphs on purpose writes the new sums here; exports made before then have other scores. */
    @ParameterizedTest
    @CsvSource({
        "MARKER_W1,    2138e698efb16b9348328a102d815d7180057142da2bcc100dc3512f8525cafb, 67f844ef2fa30ef3ec8ba311e6dccf40401c57240f5414cce9b3b887437ff865",
        "MARKER_V0_W3, 2138e698efb16b9348328a102d815d7180057142da2bcc100dc3512f8525cafb, d362e155b2867f5e4ba35ec88b02071ee1479e3fa78cf70c0d1acfb8dde671ea",
        "BERT_V0_W3,   2b8908e80b700946ea1922b4af9dd9dae25f97acb83a381c3ff13e386fb0f861, d362e155b2867f5e4ba35ec88b02071ee1479e3fa78cf70c0d1acfb8dde671ea"
    })
    void graphsWithFloat32WeightsAreWhatTheyWere(Fixtures fixture, String encoder, String head) throws ModelException {
        checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);
        export();

        assertThat(FileDigest.of(out, "encoder.onnx").sha256()).isEqualTo(encoder);
        assertThat(FileDigest.of(out, "head.onnx").sha256()).isEqualTo(head);
    }

    @Test
    void anExportThatFailsLeavesNothingBehind() throws IOException {
        Files.write(checkpoint.resolve("model.safetensors"), new byte[100]);

        assertRefused("model.safetensors");
        try (Stream<Path> left = Files.list(out.getParent())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anExistingDirectoryIsNotTouched() throws IOException {
        Files.createDirectories(out);

        assertRefused("exists already");
    }

    @Test
    void aCheckpointWithoutATokenizerIsRefused() throws IOException {
        Files.delete(checkpoint.resolve("tokenizer.json"));

        assertRefused("neither tokenizer.json nor spm.model");
    }

    @Test
    void anUnknownEncoderWithoutConfigurationIsRefusedByName() throws IOException {
        Files.delete(checkpoint.resolve("encoder_config.json"));

        assertRefused("model_name is tiny-deberta");
    }

    @ParameterizedTest
    @CsvSource({
        "gliner_config.json, markerV0, token_level, span_mode is token_level",
        "gliner_config.json, first, mean, subtoken_pooling is mean",
        "gliner_config.json, '\"max_width\": 3', '\"max_width\": 0', max_width is 0",
        "gliner_config.json, '\"hidden_size\": 32', '\"hidden_size\": 30', projection.weight is missing",
        "encoder_config.json, deberta-v2, longformer, model_type is longformer",
        "encoder_config.json, '\"p2c\",', '', pos_att_type",
        "encoder_config.json, '\"hidden_size\": 32', '\"hidden_size\": 33', cannot be",
        "encoder_config.json, '\"num_hidden_layers\": 2', '\"num_hidden_layers\": 1', layer.1.",
        "encoder_config.json, '\"num_hidden_layers\": 2', '\"num_hidden_layers\": 3', layer.2.",
        "encoder_config.json, '\"intermediate_size\": 64', '\"intermediate_size\": 65', 'shape [64, 32], expected [65, 32]'",
        "encoder_config.json, '{', '[', no JSON object"
    })
    void configurationsWeDoNotImplementAreRefused(String file, String found, String replacement, String reason)
            throws IOException {
        Path config = checkpoint.resolve(file);
        String text = Files.readString(config);
        assertThat(text).contains(found);
        Files.writeString(config, text.replace(found, replacement));

        assertRefused(reason);
    }

    @ParameterizedTest
    @CsvSource({"encoder.weights", "head.onnx", "tokenizer.json", "encoder.onnx", "head.weights"})
    void aChangedCutOrMissingFileOfAnExportedModelIsNamed(String name) throws IOException, ModelException {
        export();
        Path file = out.resolve(name);
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        assertUnusable(name, "its content is not the one listed");

        Files.write(file, new byte[10]);
        assertUnusable(name, "has 10 bytes, the manifest says " + content.length);

        Files.delete(file);
        assertUnusable(name, "not found");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"head.onnx\"', '\"../head.onnx\"'",
        "'\"format\": 3', '\"format\": 2'",
        "'\"maxWidth\": 3', '\"maxWidth\": 0'",
        "'\"files\"', '\"filez\"'",
        "'{', ''"
    })
    void aManifestOfSomethingElseIsRefused(String found, String replacement) throws IOException, ModelException {
        export();
        Path manifest = out.resolve(ModelManifest.FILE);
        String text = Files.readString(manifest);
        assertThat(text).contains(found);
        Files.writeString(manifest, text.replace(found, replacement));

        assertUnusable(ModelManifest.FILE, ": ");
    }

    private ModelManifest export() throws ModelException {
        return CheckpointExporter.export(checkpoint, out, ProgressListener.none());
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(this::export).isInstanceOf(ModelException.class).hasMessageContaining(reason);
    }

    private void assertUnusable(String file, String reason) {
        assertThatThrownBy(() -> NerModel.open(out).close())
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(out.resolve(file).toString())
                .hasMessageContaining(reason);
    }
}
