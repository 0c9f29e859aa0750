package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.cli.common.ExitCode;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file system that fills up while a model is exported. */
class DiskFullTest {
    @TempDir
    private Path directory;

    private Path small = Path.of("unset");
    private boolean mounted;

    @BeforeEach
    void makePlace() throws IOException {
        small = Files.createDirectory(directory.resolve("small"));
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
    }

    /** Sizes at which the tokenizer, the head and the encoder are what does not fit. */
    @ParameterizedTest
    @CsvSource({"4096", "24576", "90112"})
    void theCauseIsNamedAndNothingIsLeft(int bytes) throws IOException, InterruptedException {
        mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", small.toString());
        assumeTrue(mounted, "this user may not mount a file system");
        Path checkpoint = Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);

        CommandRun run = CommandRun.of("export", "--checkpoint=" + checkpoint, "--out=" + small.resolve("out"));

        assertThat(run.err().lines().filter(line -> !line.startsWith("exporting: ")))
                .hasSize(1)
                .allMatch(line -> line.endsWith(": No space left on device"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(small).isEmptyDirectory();
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
