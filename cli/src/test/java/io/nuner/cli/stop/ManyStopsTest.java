package io.nuner.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops at random moments of a process's life, under load. Prints its seed and its figures.
 *
 * <p>Properties: {@code nuner.stops.count}, {@code nuner.stops.seed}, {@code nuner.stops.at-once}, and
 * {@code nuner.stops.home}, the directory whose launcher and demo model are tried.
 */
@Tag("long")
class ManyStopsTest {
    private static final int COUNT = Integer.getInteger("nuner.stops.count", 500);
    private static final int AT_ONCE = Integer.getInteger("nuner.stops.at-once", 2);
    private static final long SEED = Long.getLong("nuner.stops.seed", 11);
    private static final int CALLERS = 24;

    @TempDir
    private Path directory;

    @Test
    void noStopCrashesOrLosesACall() throws Exception {
        Path home = Path.of(System.getProperty("nuner.stops.home", "..")).toRealPath();
        StopRun runs =
                new StopRun(List.of(home.resolve("nuner").toString()), home.resolve("model/demo"), directory, CALLERS);
        System.out.printf("%s, seed %d, %d callers, %d stops at a time%n", home, SEED, CALLERS, AT_ONCE);

        StopFigures figures = StopFigures.of(runs.all(plans(), AT_ONCE), directory);

        figures.unsound().forEach(System.out::println);
        figures.print(System.out);
        assertThat(figures.crashReports()).isEmpty();
        assertThat(figures.unsound()).isEmpty();
    }

    private static List<StopPlan> plans() {
        Random random = new Random(SEED);
        return Stream.generate(() -> StopPlan.draw(random)).limit(COUNT).toList();
    }
}
