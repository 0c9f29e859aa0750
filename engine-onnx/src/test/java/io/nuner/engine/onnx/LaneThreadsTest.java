package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.model.ModelException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While every lane runs, its own thread and those of the pool are as many as the operator chose, or as there are cores. */
class LaneThreadsTest {
    /** Encoder and head have a pool each, and a lane is in one of them at a time. */
    private static final int SESSIONS = 2;

    private static final Path TASKS = Path.of("/proc/self/task");

    @ParameterizedTest
    @CsvSource({
        "1, 0, 16, 16",
        "4, 0, 16, 16",
        "16, 0, 16, 16",
        "3, 0, 16, 16",
        "20, 0, 16, 20",
        "1, 0, 1, 1",
        "1, 4, 16, 4",
        "4, 4, 16, 16",
        "4, 2, 16, 8",
        "2, 1, 16, 2",
        "1, 1, 2, 1"
    })
    void lanesAndPoolTogetherKeepSoManyCoresBusy(int lanes, int threads, int cores, int busy) {
        int pool = OnnxEngine.poolThreads(new EngineSettings(ExportedFixture.LIMITS, lanes, threads), cores);

        assertThat(lanes + pool - 1).isEqualTo(busy);
    }

    @Test
    void thatManyNativeThreadsAreMade(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isDirectory(TASKS), "threads are counted by /proc");
        ModelGraphs graphs = graphs(directory);
        nativeThreads(graphs, 1, 1); // what the library starts once
        for (int[] chosen : new int[][] {{1, 4}, {4, 4}, {2, 1}, {3, 2}}) {
            assertThat(nativeThreads(graphs, chosen[0], chosen[1]))
                    .as("%d lanes of %d threads", chosen[0], chosen[1])
                    .isEqualTo(SESSIONS * chosen[0] * (chosen[1] - 1));
        }
    }

    private static ModelGraphs graphs(Path directory) throws ModelException {
        return ExportedFixture.of(Fixtures.MARKER_W1, WeightsFormat.SAFETENSORS, directory)
                .model()
                .graphs();
    }

    /** Threads that an engine has started once it is open; those of the virtual machine are told apart by their names. */
    private static int nativeThreads(ModelGraphs graphs, int lanes, int threads) throws EngineException, IOException {
        Set<String> before = tasks();
        try (InferenceEngine engine =
                new OnnxEngineProvider().open(graphs, new EngineSettings(ExportedFixture.LIMITS, lanes, threads))) {
            assertThat(engine.description().lanes()).isEqualTo(lanes);
            Set<String> started = new HashSet<>(tasks());
            started.removeAll(before);
            int count = 0;
            for (String task : started) {
                count += isOfTheLibrary(task) ? 1 : 0;
            }
            return count;
        }
    }

    private static boolean isOfTheLibrary(String task) throws IOException {
        Path name = TASKS.resolve(task).resolve("comm");
        // a thread that the library starts inherits the name of the one that started it; the virtual machine names its
        // own
        return Files.exists(name)
                && !Files.readString(name).contains("C1 Comp")
                && !Files.readString(name).contains("C2 Comp");
    }

    private static Set<String> tasks() throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.map(task -> String.valueOf(task.getFileName())).collect(Collectors.toSet());
        }
    }
}
