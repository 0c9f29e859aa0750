package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.export.checkpoint.config.DebertaConfig;
import io.nuner.model.export.checkpoint.config.EncoderConfig;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the description of the encoder is looked for, and which file counts as one. */
class EncoderConfigurationTest {
    private static final String MODEL = "gliner_config.json";
    private static final String OWN = "encoder_config.json";
    private static final String GENERAL = "config.json";

    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");

    @BeforeEach
    void copyCheckpoint() {
        checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "the model's", "{\"model_type\":\"gliner\"}", "{\"model_type\":null}"})
    void aGeneralFileThatIsNotTheEncodersDoesNotCount(String content) throws IOException, ModelException {
        ModelManifest explicit = export("explicit");
        nest();
        String general = content.equals("the model's") ? Files.readString(checkpoint.resolve(MODEL)) : content;
        Files.writeString(checkpoint.resolve(GENERAL), general);

        assertThat(export("nested").files()).isEqualTo(explicit.files());
    }

    @Test
    void aGeneralFileThatIsTheEncodersCounts() throws IOException, ModelException {
        ModelManifest explicit = export("explicit");
        Files.move(checkpoint.resolve(OWN), checkpoint.resolve(GENERAL));

        assertThat(export("general").files()).isEqualTo(explicit.files());
    }

    @Test
    void aGeneralFileOfAnotherFamilyIsNamedIfNothingElseDescribesTheEncoder() throws IOException {
        Files.delete(checkpoint.resolve(OWN));
        Files.writeString(checkpoint.resolve(GENERAL), "{\"model_type\": \"longformer\"}");

        assertRefused("config.json: model_type is longformer, only bert and deberta-v2 are supported");
    }

    @Test
    void anUnknownEncoderComesWithAdvice() throws IOException {
        Files.delete(checkpoint.resolve(OWN));
        Files.writeString(checkpoint.resolve(GENERAL), "{\"model_type\": \"gliner\"}");

        assertRefused("gliner_config.json: model_name is tiny-deberta, an encoder we do not know, and there is no"
                + " encoder_config.json; copy the config.json of that encoder here under this name");
    }

    @ParameterizedTest
    @CsvSource({
        "microsoft/deberta-v3-xsmall, 384, 12, 6, 1536",
        "microsoft/deberta-v3-small, 768, 6, 12, 3072",
        "microsoft/deberta-v3-base, 768, 12, 12, 3072",
        "microsoft/deberta-v3-large, 1024, 24, 16, 4096",
        "microsoft/mdeberta-v3-base, 768, 12, 12, 3072"
    })
    void theFamilyIsKnownByName(String name, int hidden, int layers, int heads, int intermediate)
            throws IOException, ModelException {
        Files.delete(checkpoint.resolve(OWN));

        DebertaConfig config = (DebertaConfig) EncoderConfig.read(checkpoint, name);

        assertThat(config.shape().hiddenSize()).isEqualTo(hidden);
        assertThat(config.shape().layers()).isEqualTo(layers);
        assertThat(config.shape().heads()).isEqualTo(heads);
        assertThat(config.shape().intermediateSize()).isEqualTo(intermediate);
        assertThat(config.shape().layerNormEps()).isEqualTo(1e-7f);
        assertThat(config.positionBuckets()).isEqualTo(256);
        assertThat(config.maxPositions()).isEqualTo(512);
    }

    /** Puts the encoder's description into the model's, as gliner 0.2 saves it. */
    private void nest() throws IOException {
        String encoder = Files.readString(checkpoint.resolve(OWN));
        String model = Files.readString(checkpoint.resolve(MODEL)).strip();
        String nested = model.substring(0, model.length() - 1) + ", \"encoder_config\": " + encoder + "}";
        Files.writeString(checkpoint.resolve(MODEL), nested);
        Files.delete(checkpoint.resolve(OWN));
    }

    private ModelManifest export(String name) throws ModelException {
        return CheckpointExporter.export(checkpoint, directory.resolve(name), ProgressListener.none());
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> export("refused"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
    }
}
