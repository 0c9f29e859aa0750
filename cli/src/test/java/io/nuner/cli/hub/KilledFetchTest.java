package io.nuner.cli.hub;

import static io.nuner.cli.hub.FetchScene.MODEL;
import static io.nuner.cli.hub.FetchScene.WEIGHTS;
import static io.nuner.cli.hub.FetchScene.WEIGHTS_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.hub.FakeReply.Ending;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes and one cache. */
class KilledFetchTest {
    private static final int HALF = WEIGHTS_SIZE / 2;

    @TempDir
    private Path cache;

    @Test
    void whoWaitsForAKilledFetchContinuesItsWork() throws Exception {
        try (FetchScene scene = new FetchScene(cache)) {
            scene.hub().next(WEIGHTS, reply -> reply.endingAfter(HALF, Ending.SILENCE));
            Process other = fetchInAProcess(scene);
            try {
                awaitHalf(other, scene.unfinished().resolve(WEIGHTS + ".part"));
                assertThat(scene.directory()).doesNotExist();
                scene.progress().onNote(note -> kill(other, note));

                Path directory = scene.fetch();

                assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(scene.weights());
                assertThat(scene.progress().notes()).anyMatch(KilledFetchTest::saysThatItWaits);
                assertThat(scene.hub().requestsToCdn().stream()
                                .filter(request -> request.path().endsWith(WEIGHTS))
                                .map(request -> request.header("range")))
                        .containsExactly("", "bytes=" + HALF + "-");
            } finally {
                other.destroyForcibly();
            }
        }
    }

    private Process fetchInAProcess(FetchScene scene) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "io.nuner.cli.Nuner",
                        "fetch",
                        MODEL,
                        "--cache=" + cache)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        command.environment().put("HF_ENDPOINT", scene.hub().address());
        return command.start();
    }

    /** Returns when the process has written what the server sent before it fell silent. */
    private static void awaitHalf(Process process, Path part) throws IOException {
        BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        String line = err.readLine();
        while (line != null && !line.startsWith("fetching " + WEIGHTS)) {
            line = err.readLine();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(part) || Files.size(part) < HALF) {
            assertThat(process.isAlive()).as(line).isTrue();
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }

    private static void kill(Process process, String note) {
        if (saysThatItWaits(note)) {
            process.destroyForcibly();
        }
    }

    private static boolean saysThatItWaits(String note) {
        return note.startsWith("another process is fetching this model; waiting for it");
    }
}
