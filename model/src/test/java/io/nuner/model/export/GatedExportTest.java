package io.nuner.model.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.engine.testing.Scoring;
import io.nuner.model.Accuracy;
import io.nuner.model.ModelException;
import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.WeightType;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.accuracy.LossPolicy;
import io.nuner.model.accuracy.TwoEngines;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatedExportTest {
    private static final Scoring HIGH = Scoring.constant(4);

    @TempDir
    private Path directory;

    private Path checkpoint = Path.of("unset");
    private Path out = Path.of("unset");

    @BeforeEach
    void writeCheckpoint() {
        checkpoint = directory.resolve("checkpoint");
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 1, checkpoint);
        out = directory.resolve("models").resolve("exported");
    }

    @Test
    void theManifestHoldsWhatWasMeasured() throws Exception {
        ModelManifest manifest = export(HIGH, LossPolicy.REFUSE);

        Accuracy accuracy = Objects.requireNonNull(manifest.accuracy());
        assertThat(accuracy.bundled().texts()).isPositive();
        assertThat(manifest.weights()).isEqualTo(WeightType.INT8);
        assertThat(ModelManifest.read(out)).isEqualTo(manifest);
        assertThat(left()).containsExactly(out);
        try (NerModel model = NerModel.open(out)) {
            assertThat(model.manifest().sha256()).isEqualTo(manifest.sha256());
        }
    }

    @Test
    void filesAreThoseOfAnExportThatIsNotCompared() throws Exception {
        ModelManifest compared = export(HIGH, LossPolicy.REFUSE);
        ModelManifest plain = QuantizedExport.export(
                checkpoint, directory.resolve("plain"), new GivenMagnitudes(), ProgressListener.none());

        assertThat(compared.files()).isEqualTo(plain.files());
        assertThat(plain.accuracy()).isNull();
    }

    @Test
    void nothingIsPublishedIfTheGateRefuses() throws IOException {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> export(Scoring.constant(-4), LossPolicy.REFUSE))
                .matches(ModelException::isLoss);

        assertThat(left()).isEmpty();
    }

    @Test
    void anAcceptedLossStandsInTheManifest() throws ModelException {
        export(Scoring.constant(-4), LossPolicy.ACCEPT);

        Accuracy accuracy = Objects.requireNonNull(ModelManifest.read(out).accuracy());
        assertThat(accuracy.lossAccepted()).isTrue();
    }

    @Test
    void progressTellsWhichExportIsMade() throws ModelException {
        Set<String> stages = new LinkedHashSet<>();
        QuantizedExport.export(
                checkpoint, out, gate(HIGH, LossPolicy.REFUSE), (stage, done, total) -> stages.add(stage));

        assertThat(stages)
                .containsExactly(
                        "float32 head",
                        "float32 encoder layers",
                        "float32 checksums",
                        "magnitudes on sample texts",
                        "int8 head",
                        "int8 encoder layers",
                        "int8 checksums",
                        "answers of int8 beside float32");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"lossAccepted\": false', '\"lossAccepted\": true', 'it is not as it was written'",
        "'\"flips\": 0', '\"flips\": 1', 'it is not as it was written'",
        "'\"flips\": 0', '\"flips\": 99999999', 'accuracy: more scores flip than there are'",
        "'\"bundled\"', '\"bundles\"', 'is no manifest of the formats 3 and 4'",
        "'\"mean\": 0.0', '\"mean\": 7.0', 'accuracy: no differences of probabilities'"
    })
    void aDamagedManifestIsRefused(String found, String replacement, String reason) throws Exception {
        export(HIGH, LossPolicy.REFUSE);
        Path manifest = out.resolve(ModelManifest.FILE);
        String text = Files.readString(manifest);
        assertThat(text).contains(found);
        Files.writeString(manifest, text.replaceFirst(Pattern.quote(found), replacement));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> ModelManifest.read(out))
                .withMessageStartingWith(manifest.toString())
                .withMessageContaining(reason);
    }

    private ModelManifest export(Scoring rounded, LossPolicy policy) throws ModelException {
        return QuantizedExport.export(checkpoint, out, gate(rounded, policy), ProgressListener.none());
    }

    private static AccuracyGate gate(Scoring rounded, LossPolicy policy) {
        return new AccuracyGate(new TwoEngines(HIGH, rounded), List.of(), policy);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> entries = Files.list(out.getParent())) {
            return new ArrayList<>(entries.toList());
        }
    }
}
