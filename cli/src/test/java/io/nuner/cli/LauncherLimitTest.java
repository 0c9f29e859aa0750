package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nuner.cli.common.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where a virtual machine could not even start, the launcher says why. */
class LauncherLimitTest {
    private static final Path LAUNCHER = Path.of("..", "nuner");

    @Test
    void tooFewOpenFilesAreOneLine() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no shell");
        assertThat(LAUNCHER).exists();

        Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -n 64; exec sh \"$0\" serve", LAUNCHER.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEqualTo("nuner: only 64 files may be open (ulimit -Hn), but 256 are needed at least\n");
        assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
    }
}
