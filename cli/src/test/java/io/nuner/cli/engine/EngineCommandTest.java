package io.nuner.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.CommandRun;
import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCommandTest {
    @TempDir
    private Path directory;

    private Path model;

    @BeforeEach
    void makeCheckpoint() {
        model = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    @Test
    void listSaysOfEachEngineWhetherItCanRunHere() {
        CommandRun run = CommandRun.of("engine", "list");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines().toList())
                .satisfiesOnlyOnce(line -> assertThat(line).matches("onnx +usable +.+"))
                .satisfiesOnlyOnce(line -> assertThat(line).matches("tensorrt +(not )?usable +.+"));
    }

    @Test
    void theCommandAloneSaysWhatIsMissing() {
        CommandRun run = CommandRun.of("engine");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("nuner engine: list, build or unpack is missing");
    }

    @Test
    void buildShowsItsProgressAndReportsParity() {
        CommandRun run = build();

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err().lines())
                .filteredOn(line -> line.startsWith("building, "))
                .hasSize(1);
        assertThat(run.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("test-compiling 1 on none is ready after \\d+ s"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "parity of fp16 with onnx 1.29.0 on 24 rows of real text: 310 spans, 0 differ,"
                                                + " 2 are so close to 0.5 that rounding decides; scores differ by 0.0042 at most,"
                                                + " 99.9 % by 0.0017 at most"));
    }

    @Test
    void buildTakesWhatSuitsTheEngineWhereNothingWasChosen() {
        assertThat(build().err())
                .contains("EngineLimits[maxRows=64, maxRowTokens=2048, maxBatchTokens=16384, maxLabels=100]")
                .contains("CompileSettings[cache=" + directory.resolve("cache"))
                .contains("precision=fp16, rowLengths=[32, 64, 96, 128, 192, 256, 384, 512, 768, 1024]");
    }

    @Test
    void buildTakesWhatWasChosen() {
        CommandRun run = build(
                "--batch-rows=8", "--batch-tokens=1024", "--row-tokens=128", "--max-labels=25", "--profiles=32,128");

        assertThat(run.err())
                .contains("EngineLimits[maxRows=8, maxRowTokens=128, maxBatchTokens=1024, maxLabels=25]")
                .contains("rowLengths=[32, 128]");
    }

    @Test
    void aRefusedBuildFailsWithTheCause() {
        CommandRun run = build("--precision=BF16");

        assertThat(run.exitCode()).isEqualTo(ExitCode.NO_ENGINE);
        assertThat(run.err()).contains("nuner engine build: --engine test-compiling: the parity gate refuses bf16");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anEngineThatCannotRunHereIsRefusedBeforeAnythingIsExported() {
        CommandRun run = CommandRun.of("engine", "build", "--model=" + model, "--cache=" + directory.resolve("cache"));

        if (run.exitCode() != ExitCode.OK) { // a machine without a GPU
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO_ENGINE);
            assertThat(run.err()).startsWith("nuner engine build: --engine tensorrt cannot be used: ");
            assertThat(run.err().lines()).hasSize(1);
            assertThat(directory.resolve("cache")).doesNotExist();
        }
    }

    @Test
    void wrongOptionsAreNamed() {
        assertThat(build("--profiles=64,32").err()).contains("--profiles must ascend from 1 or more, but was [64, 32]");
        assertThat(build("--batch-rows=-1").err()).contains("--batch-rows must be at least 0, but was -1");
        assertThat(build("--max-labels=0").err()).contains("--max-labels must be at least 1, but was 0");
        assertThat(build("--precision=int4").err()).contains("--precision");
        assertThat(build("--precision=int4").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private CommandRun build(String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "engine";
        all[1] = "build";
        all[2] = "--model=" + model;
        all[3] = "--engine=test-compiling";
        System.arraycopy(options, 0, all, 4, options.length);
        return CommandRun.with(Map.of("NUNER_CACHE", directory.resolve("cache").toString()), all);
    }
}
