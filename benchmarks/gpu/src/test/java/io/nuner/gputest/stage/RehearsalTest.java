package io.nuner.gputest.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.gputest.measure.Lengths;
import io.nuner.gputest.options.Options;
import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.StageRecord;
import io.nuner.model.NerModel;
import io.nuner.model.encode.EncodedRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages of the tiny model on the CPU, in this process. */
class RehearsalTest {
    @TempDir
    Path directory;

    @Test
    void theTinyModelIsMadeExportedRunAndFoundEqualToItself() throws Exception {
        Options options = Options.parse(
                List.of("--out=" + directory, "--engine=onnx", "--shape=tiny", "--profiles=64", "--parity-texts=64"));
        directory.resolve("stages").toFile().mkdirs();

        assertThat(StageProcess.run(Stage.WEIGHTS, options)).isZero();
        assertThat(StageProcess.run(Stage.PARITY, options)).isZero();

        StageRecord parity = StageRecord.read(directory.resolve("stages/S3.json"));
        assertThat(parity.value("texts compared")).contains(64.0);
        assertThat(parity.value("spans found by one only, beyond")).contains(0.0);
        assertThat(parity.value("scores above 0.5").orElseThrow()).isBetween(0.3, 25.0);
        textsHaveTheTokensAskedFor(new StageContext(Stage.SOAK, options).exported());
    }

    private static void textsHaveTheTokensAskedFor(Path exported) throws Exception {
        try (NerModel model = NerModel.open(exported)) {
            TestTexts texts = TestTexts.of(model, 3);
            int[] lengths = Lengths.mixed(24, 512).draw(50, 3);

            assertThat(texts.ofLength(16, 20)).allMatch(text -> text.row().tokenCount() == 16);
            assertThat(texts.ofLength(512, 20)).allMatch(text -> text.row().tokenCount() == 512);
            assertThat(texts.ofLengths(lengths).stream()
                            .map(EncodedRequest::row)
                            .mapToInt(row -> row.tokenCount()))
                    .containsExactly(Arrays.stream(lengths).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void aStageThatCannotRunSaysWhy() {
        Options options = Options.parse(List.of("--out=" + directory, "--engine=onnx", "--shape=tiny"));
        directory.resolve("stages").toFile().mkdirs();

        assertThat(StageProcess.run(Stage.BUILD, options)).isEqualTo(1);

        assertThat(StageRecord.read(directory.resolve("stages/S2.json")).failure())
                .contains("tiny-7-exported");
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        Options options = Options.parse(List.of("--out=" + directory, "--engine=abacus", "--shape=tiny"));
        directory.resolve("stages").toFile().mkdirs();

        assertThat(StageProcess.run(Stage.ENVIRONMENT, options)).isEqualTo(1);

        assertThat(StageRecord.read(directory.resolve("stages/S0.json")).failure())
                .isEqualTo("there is no engine abacus on the class path");
    }
}
