package io.nuner.gputest.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nuner.engine.CompileSettings.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void withoutFurtherWordsItTestsTheLargeModelInEightMinutes() {
        Options options = Options.parse(List.of("--out", "/tmp/out"));

        assertThat(options.engine()).isEqualTo("tensorrt");
        assertThat(options.build().shape()).isEqualTo(TestedModel.LARGE);
        assertThat(options.build().precision()).isEqualTo(Precision.FP16);
        assertThat(options.build().profiles()).containsExactly(64, 128, 384, 512);
        assertThat(options.build().batchTokens()).isEqualTo(16_384);
        assertThat(options.build().lanes()).isEqualTo(2);
        assertThat(options.times().minutes()).isEqualTo(8);
        assertThat(options.work()).isEqualTo(Path.of("/tmp/out/work"));
        assertThat(options.only()).containsExactlyInAnyOrder(Stage.values());
        assertThat(options.areAimsMeant()).isTrue();
    }

    @Test
    void everyOptionIsUnderstoodInBothForms() {
        Options options = Options.parse(List.of(
                "--out=o",
                "--work=w",
                "--libs",
                "l",
                "--engine=onnx",
                "--shape",
                "tiny",
                "--precision=bf16",
                "--profiles=32, 64",
                "--batch-tokens=512",
                "--lanes=3",
                "--seed=9",
                "--minutes=1.5",
                "--soak-minutes=30",
                "--limit-seconds=12",
                "--parity-texts=5",
                "--only=S1,S2b",
                "--python=py",
                "--java-opts=-Da=b -Dc=d"));

        assertThat(options.build())
                .isEqualTo(new Options.BuildOptions(TestedModel.TINY, Precision.BF16, List.of(32, 64), 512, 3, 9));
        assertThat(options.times()).isEqualTo(new Options.Times(1.5, 30, 12));
        assertThat(options.libraries()).contains(Path.of("l").toAbsolutePath());
        assertThat(options.work()).isEqualTo(Path.of("w").toAbsolutePath());
        assertThat(options.only()).containsExactlyInAnyOrder(Stage.WEIGHTS, Stage.BUILD_ONE);
        assertThat(options.javaOptions()).containsExactly("-Da=b", "-Dc=d");
        assertThat(options.parityTexts()).isEqualTo(5);
        assertThat(options.python()).isEqualTo("py");
        assertThat(options.areAimsMeant()).isFalse();
    }

    @Test
    void ofAnOptionGivenTwiceTheLastCounts() {
        Options options = Options.parse(List.of("--out=o", "--profiles=64,128", "--profiles=128"));

        assertThat(options.build().profiles()).containsExactly(128);
    }

    @Test
    void batchesOfARehearsalAreSmall() {
        assertThat(Options.parse(List.of("--out=o", "--engine=onnx")).build().batchTokens())
                .isEqualTo(2048);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--shape=huge|Invalid value for option '--shape': expected one of [TINY, SMALL, LARGE] (case-insensitive) but was 'huge'",
                "--precision=fp8|Invalid value for option '--precision': expected one of [FP16, BF16] (case-insensitive) but was 'fp8'",
                "--profiles=128,64|--profiles must ascend, but was [128, 64]",
                "--profiles=|--profiles must not be empty",
                "--profiles=a|--profiles must be whole numbers, but was a",
                "--profiles=8|--profiles must be from 16 to 4096, but was 8",
                "--batch-tokens=100|--batch-tokens must be at least the longest of --profiles, 512, but was 100",
                "--minutes=0|--minutes must be from 0.05 to 1440, but was 0",
                "--minutes=x|Invalid value for option '--minutes': 'x' is not a double",
                "--lanes=0|--lanes must be from 1 to 16, but was 0",
                "--parity-texts=-1|--parity-texts must be from 1 to 100000, but was -1",
                "--seed|Missing required parameter for option '--seed' (<seed>)",
            })
    void aBadValueIsRefusedByName(String word, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of("--out=o", word)))
                .withMessage(message);
    }

    @Test
    void unknownOptionsAndStagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of("--out=o", "--speed=1")))
                .withMessageStartingWith("Unknown option: '--speed=1'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of("--out=o", "--only=S1,S77")))
                .withMessageContaining("S77");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of()))
                .withMessage("Missing required option: '--out=DIR'");
    }

    @Test
    void stagesNeedOnlyEarlierOnes() {
        List<Stage> earlier = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            stage.needs().ifPresent(need -> assertThat(earlier).contains(need));
            assertThat(stage.leastSeconds()).isLessThanOrEqualTo(stage.wishSeconds());
            earlier.add(stage);
        }
    }
}
