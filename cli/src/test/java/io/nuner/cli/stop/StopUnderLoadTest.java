package io.nuner.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.Nuner;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop crashes nothing and loses no call, whenever it comes. {@link ManyStopsTest} is the long form. */
class StopUnderLoadTest {
    private static final int CALLERS = 8;

    /** A start with a small model takes about so long; most of it is the virtual machine's. */
    private static final int START_MILLIS = 1500;

    @TempDir
    private Path directory;

    @Test
    void aStopCrashesNothingAndLosesNoCall() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        System.out.println("seed " + seed);
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String reports = "-XX:ErrorFile=" + directory + "/hs_err_%p.log";
        StopRun run =
                new StopRun(List.of(java.toString(), reports, Nuner.class.getName()), checkpoint, directory, CALLERS);

        StopFigures figures = StopFigures.of(
                run.all(
                        List.of(
                                serving(StopSignal.TERM, random.nextInt(300), StopPlan.ONCE),
                                serving(StopSignal.INT, random.nextInt(300), random.nextInt(300)),
                                early(StopPlan.Phase.LOADING, StopSignal.TERM, random),
                                early(StopPlan.Phase.STARTING, StopSignal.HUP, random),
                                early(StopPlan.Phase.EXPORTING, StopSignal.INT, random)),
                        2),
                directory);

        figures.print(System.out);
        assertThat(figures.crashReports()).isEmpty();
        assertThat(figures.unsound()).isEmpty();
        assertThat(figures.results().get(0).calls().made()).isPositive();
    }

    private static StopPlan serving(StopSignal signal, int delayMillis, long secondMillis) {
        return new StopPlan(StopPlan.Phase.SERVING, signal, delayMillis, secondMillis);
    }

    private static StopPlan early(StopPlan.Phase phase, StopSignal signal, Random random) {
        return new StopPlan(phase, signal, random.nextInt(START_MILLIS), StopPlan.ONCE);
    }
}
