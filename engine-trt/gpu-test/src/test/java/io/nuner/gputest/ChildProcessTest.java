package io.nuner.gputest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final double LONG_SECONDS = 20;

    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void nameTheLog() {
        log = directory.resolve("log");
    }

    @Test
    void aProcessThatEndsInTimeIsWaitedFor() throws Exception {
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "echo first; echo last >&2; exit 3"), log);

        assertThat(process.endsWithin(LONG_SECONDS)).isTrue();
        assertThat(process.ending()).isEqualTo("exit code 3; last line of its log: last");
    }

    @Test
    void aProcessThatDoesNotEndIsKilledWithItsChildren() throws Exception {
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "tail -f /dev/null & wait"), log);

        assertThat(process.endsWithin(0.3)).isFalse();
        assertThat(process.ending()).startsWith("killed by signal 9");
    }

    @Test
    void aCrashIsNamed() throws Exception {
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "kill -SEGV $$"), log);

        assertThat(process.endsWithin(LONG_SECONDS)).isTrue();
        assertThat(process.ending()).isEqualTo("killed by signal 11 (SIGSEGV)");
    }

    @Test
    void aProgramThatIsMissingIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(List.of("no-such-program"), log))
                .withMessageContaining("no-such-program");
    }
}
