package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.nuner.cli.common.ExitCode;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.Labels;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose engine breaks ends its process, soon and with a code that says why. Prints how long it took. */
class BrokenEngineTest {
    @TempDir
    private Path directory;

    @Test
    void anEngineThatHangsEndsTheProcessWith71() throws Exception {
        endsWith(ExitCode.ENGINE_HUNG, "--engine=test-hanging", "a lane is given up and replaced");
    }

    @Test
    void anEngineThatDiesEndsTheProcessWith70() throws Exception {
        endsWith(ExitCode.ENGINE_LOST, "--engine=test-dying", "the engine is lost");
    }

    @Test
    void aDeviceThatFailsEndsTheProcessWith72Within5Seconds() throws Exception {
        endsWith(ExitCode.DEVICE_FAILED, "--engine=test-faulting", "the engine is lost", 5);
    }

    @Test
    void soDoesADeviceOfWhichNothingCanBeFreed() throws Exception {
        endsWith(ExitCode.DEVICE_FAILED, "--engine=test-stuck", "the engine is lost", 5);
    }

    private void endsWith(int exitCode, String engine, String logged) throws Exception {
        endsWith(exitCode, engine, logged, 10);
    }

    private void endsWith(int exitCode, String engine, String logged, int seconds) throws Exception {
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
        List<String> options = List.of(
                "--model=" + checkpoint,
                "--cache=" + directory.resolve("cache"),
                engine,
                "--engine-slow=300ms",
                "--engine-hung=1s");

        try (ServerProcess server = ServerProcess.start(options);
                ExtractionClient client =
                        ExtractionClient.connect(ClientConfig.plaintext("localhost:" + server.port()))) {
            assertThat(client.extract("sound text", Labels.of("a"))).isNotNull();
            long start = System.nanoTime();
            ExtractionException failure = catchThrowableOfType(
                    ExtractionException.class,
                    () -> client.extract(BrokenEngine.FATAL_TEXT, Labels.of(BrokenEngine.FATAL_LABELS)));
            long answered = System.nanoTime() - start;

            assertThat(server.awaitExit()).isEqualTo(exitCode);
            long ended = System.nanoTime() - start;
            System.out.printf(
                    "%s: call answered after %d ms, process gone after %d ms%n",
                    engine, answered / 1_000_000, ended / 1_000_000);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(ended).as("ns until the process is gone").isLessThan(TimeUnit.SECONDS.toNanos(seconds));
            assertThat(server.restOfLog()).anyMatch(line -> line.contains(logged));
        }
    }
}
