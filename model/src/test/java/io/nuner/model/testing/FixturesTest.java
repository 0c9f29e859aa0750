package io.nuner.model.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FixturesTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void everyFixtureHasCasesThatFitTogether(Fixtures fixture) {
        assertThat(fixture.cases()).hasSizeGreaterThanOrEqualTo(15).allSatisfy(FixturesTest::fitsTogether);
    }

    @ParameterizedTest
    @EnumSource
    void everyFixtureUnpacksItsSafetensors(Fixtures fixture) {
        Path checkpoint = fixture.checkpoint(directory, WeightsFormat.SAFETENSORS);

        assertThat(checkpoint).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(checkpoint).isDirectoryContaining("glob:**/gliner_config.json");
        assertThat(checkpoint).isDirectoryContaining("glob:**/{tokenizer.json,spm.model}");
    }

    @Test
    void aMissingFormatIsNamed() {
        assertThatThrownBy(() -> Fixtures.REAL_VOCAB.checkpoint(directory, WeightsFormat.PYTORCH_BIN))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("real_vocab has no pytorch_model.bin");
    }

    private static void fitsTogether(FixtureCase fixture) {
        assertThat(fixture.logits().labels()).isEqualTo(fixture.labels().size());
        assertThat(fixture.logits().isFinite()).isTrue();
        assertThat(fixture.usedWords()).isLessThanOrEqualTo(fixture.words().size());
        if (!fixture.wordTokens().isEmpty()) {
            assertThat(fixture.wordTokens()).hasSize(fixture.usedWords());
        }
    }
}
