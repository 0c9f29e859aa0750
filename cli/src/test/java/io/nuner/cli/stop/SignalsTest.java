package io.nuner.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.Nuner;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SignalsTest {
    @Test
    void aVirtualMachineThatKeepsItsSignalsRunsAllTheSame() throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xrs",
                        Nuner.class.getName(),
                        "--version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));

        Process process = command.start();

        assertThat(process.errorReader().lines()).isEmpty();
        assertThat(process.waitFor()).isZero();
    }
}
