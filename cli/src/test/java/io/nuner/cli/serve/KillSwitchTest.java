package io.nuner.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KillSwitchTest {
    private static final int KILLED = 128 + 9;

    @Test
    void aProcessThatDoesNotEndIsKilled() throws Exception {
        assertThat(exitCodeOf("hang")).isEqualTo(KILLED);
    }

    @Test
    void aProcessThatEndsKeepsItsExitCode() throws Exception {
        assertThat(exitCodeOf("halt")).isEqualTo(ExitCode.DEVICE_FAILED);
    }

    private static int exitCodeOf(String what) throws Exception {
        ProcessBuilder command = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Armed.class.getName(),
                        what))
                .inheritIO();
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return command.start().waitFor();
    }

    /** Arms the switch and halts or hangs. */
    static final class Armed {
        private Armed() {}

        public static void main(String[] words) throws InterruptedException {
            KillSwitch.arm(Duration.ofSeconds(1));
            if (words[0].equals("halt")) {
                Runtime.getRuntime().halt(ExitCode.DEVICE_FAILED);
            }
            new CountDownLatch(1).await();
        }
    }
}
