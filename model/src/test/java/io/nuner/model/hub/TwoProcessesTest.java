package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.MODEL;
import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static io.nuner.model.hub.FetchScene.WEIGHTS_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.hub.FakeReply.Ending;
import io.nuner.model.hub.proxy.Proxies;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes fetch one model into one cache; the other one is always first. */
class TwoProcessesTest {
    private static final int HALF = WEIGHTS_SIZE / 2;

    @TempDir
    private Path cache;

    @Test
    void whoWaitsForAnotherFetchUsesItsResult() throws Exception {
        try (FetchScene scene = new FetchScene(() -> cache);
                OtherProcess other = startUntilHalf(scene, Ending.PAUSE)) {
            scene.progress().onNote(note -> {
                if (saysThatItWaits(note)) {
                    scene.hub().resume();
                }
            });

            Path directory = scene.fetch();

            assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(scene.weights());
            assertThat(scene.progress().notes()).anyMatch(TwoProcessesTest::saysThatItWaits);
            assertThat(ranges(scene)).containsExactly("");
            assertThat(other.awaitExit()).isZero();
        }
    }

    @Test
    void whoWaitsForAKilledFetchContinuesItsWork() throws Exception {
        try (FetchScene scene = new FetchScene(() -> cache);
                OtherProcess other = startUntilHalf(scene, Ending.SILENCE)) {
            assertThat(scene.directory()).doesNotExist();
            scene.progress().onNote(note -> {
                if (saysThatItWaits(note)) {
                    other.kill();
                }
            });

            Path directory = scene.fetch();

            assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(scene.weights());
            assertThat(scene.progress().notes()).anyMatch(TwoProcessesTest::saysThatItWaits);
            assertThat(ranges(scene)).containsExactly("", "bytes=" + HALF + "-");
        }
    }

    private OtherProcess startUntilHalf(FetchScene scene, Ending ending) throws IOException {
        scene.hub().next(WEIGHTS, reply -> reply.endingAfter(HALF, ending));
        OtherProcess other = OtherProcess.start(scene.hub().address(), cache);
        other.awaitHalf(scene.unfinished().resolve(WEIGHTS + ".part"));
        return other;
    }

    private static boolean saysThatItWaits(String note) {
        return note.startsWith("another process is fetching this model; waiting for it");
    }

    private static List<String> ranges(FetchScene scene) {
        return scene.hub().requestsToCdn().stream()
                .filter(request -> request.path().endsWith(WEIGHTS))
                .map(request -> request.header("range"))
                .toList();
    }

    /** What the other process runs; says on standard error which file it begins. */
    static final class OtherFetch {
        private OtherFetch() {}

        public static void main(String[] endpointAndCache) throws Exception {
            HubClient client = new HubClient(
                    HubEndpoint.parse(endpointAndCache[0]),
                    AccessToken.of(""),
                    Proxies.none(),
                    HubClient.Timeouts.DEFAULT,
                    "nuner/test");
            FetchListener listener = new FetchListener() {
                @Override
                public void started(String file, long present, long size) {
                    System.err.println("fetching " + file);
                }

                @Override
                public void reached(long present) {}

                @Override
                public void finished() {}

                @Override
                public void note(String line) {
                    System.err.println(line);
                }
            };
            Retries retries = new Retries(pause -> Thread.sleep(pause.toMillis()), new Random(), listener);
            new ModelFetch(client, retries, new FetchedModels(Path.of(endpointAndCache[1])), Disk.LOCAL, listener)
                    .fetch(RepositoryId.parse(MODEL), new Revision(Revision.DEFAULT), false);
        }
    }

    /** A fetch in a virtual machine of its own. */
    private record OtherProcess(Process process) implements AutoCloseable {
        static OtherProcess start(String endpoint, Path cache) throws IOException {
            ProcessBuilder command = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            OtherFetch.class.getName(),
                            endpoint,
                            cache.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            return new OtherProcess(command.start());
        }

        /** Returns when it has written what the server sent so far. */
        void awaitHalf(Path part) throws IOException {
            BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
            String line = err.readLine();
            while (line != null && !line.startsWith("fetching " + WEIGHTS)) {
                line = err.readLine();
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (part.toFile().length() < HALF) { // 0 while there is none
                assertThat(process.isAlive()).as(line).isTrue();
                assertThat(System.nanoTime() - deadline).isNegative();
                LockSupport.parkNanos(1_000_000);
            }
        }

        int awaitExit() throws InterruptedException {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        /** As {@code kill -9}. */
        void kill() {
            process.destroyForcibly();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
