package io.nuner.engine.trt.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.CompileSettings;
import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineException;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedStoreTest {
    private static final String WAITING = "waiting for another builder of this plan";

    @TempDir
    private Path directory;

    @Test
    void ofTwoProcessesOneBuildsAndTheOtherWaitsAndUsesIt() throws Exception {
        CountDownLatch building = new CountDownLatch(1);
        CountDownLatch mayFinish = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<StoredPlan> mine = thread.submit(
                    () -> store(directory, words -> {}).obtain(Keys.some(), slow(building, mayFinish), warning -> {}));
            building.await();
            Process other = otherProcess(directory);
            try (BufferedReader out = other.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine()).isEqualTo(WAITING);
                mayFinish.countDown();

                assertThat(mine.get().directory()).isDirectory();
                assertThat(out.lines().toList())
                        .containsExactly("the plan is " + mine.get().directory(), "builds: 0, warnings: 0");
            }
            assertThat(other.waitFor()).isZero();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aBuilderThatIsKilledMakesRoomForTheNext() throws Exception {
        Process killed = otherProcess(directory, "hang");
        try (BufferedReader out = killed.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("building");
        }
        CompletableFuture<String> waiting = new CompletableFuture<>();
        CountedBuild build = new CountedBuild();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<StoredPlan> mine =
                    thread.submit(() -> store(directory, waiting::complete).obtain(Keys.some(), build, warning -> {}));
            assertThat(waiting.get()).isEqualTo(WAITING);
            killed.destroyForcibly();

            assertThat(mine.get().directory()).isDirectory();
            assertThat(build.count()).isEqualTo(1);
            assertThat(directory.resolve("cache/plans").toFile().list()).noneMatch(name -> name.startsWith("."));
        } finally {
            killed.destroyForcibly();
            thread.shutdownNow();
        }
    }

    @Test
    void ofManyThreadsOneBuilds() throws Exception {
        AtomicInteger builds = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<StoredPlan>> plans = new ArrayList<>();
            for (int each = 0; each < 32; each++) {
                plans.add(threads.submit(() -> obtain(builds)));
            }

            for (Future<StoredPlan> plan : plans) {
                assertThat(plan.get().directory()).isDirectory();
            }
            assertThat(builds).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private StoredPlan obtain(AtomicInteger builds) throws EngineException {
        PlanStore.Build build = to -> {
            builds.incrementAndGet();
            return new CountedBuild().build(to);
        };
        return store(directory, words -> {}).obtain(Keys.some(), build, warning -> {});
    }

    private static PlanStore.Build slow(CountDownLatch building, CountDownLatch mayFinish) {
        return to -> {
            building.countDown();
            try {
                mayFinish.await();
            } catch (InterruptedException e) {
                throw EngineException.cannotOpen("interrupted", e);
            }
            return new CountedBuild().build(to);
        };
    }

    private static PlanStore store(Path directory, CompileSettings.Listener progress) throws EngineException {
        return PlanStore.of(new CompileSettings(
                directory.resolve("cache"), Precision.FP16, CompileSettings.DEFAULT_ROW_LENGTHS, progress));
    }

    private static Process otherProcess(Path directory, String... more) throws Exception {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add(Other.class.getName());
        words.add(directory.toString());
        words.addAll(List.of(more));
        ProcessBuilder command = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return command.start();
    }

    /** Obtains the plan in a process of its own and prints what it hears; with a second word it never ends building. */
    static final class Other {
        private Other() {}

        public static void main(String[] words) throws EngineException, ExecutionException, InterruptedException {
            CountedBuild build = new CountedBuild();
            AtomicInteger warnings = new AtomicInteger();
            PlanStore store = store(Path.of(words[0]), System.out::println);
            store.obtain(Keys.some(), words.length > 1 ? Other::hang : build, warning -> warnings.incrementAndGet());
            System.out.println("builds: " + build.count() + ", warnings: " + warnings.get());
        }

        private static Map<String, Double> hang(Path to) {
            CountedBuild.write(to);
            System.out.println("building");
            try {
                TimeUnit.MINUTES.sleep(2); // until it is killed
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Map.of();
        }
    }
}
