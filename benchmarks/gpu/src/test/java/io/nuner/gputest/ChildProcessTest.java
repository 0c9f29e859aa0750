package io.nuner.gputest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final double LONG_SECONDS = 20;
    private static final long LONG_MILLIS = 20_000;

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
        assertThat(words(process)).isEqualTo("ended with exit code 3 (last)");
    }

    @Test
    void aProcessThatDoesNotEndIsKilledWithItsChildren() throws Exception {
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "tail -f /dev/null & wait"), log);

        assertThat(process.endsWithin(0.3)).isFalse();
        assertThat(words(process)).startsWith("was ended by SIGKILL");
    }

    @Test
    void aChildThatOutlivesTheProcessIsKilled() throws Exception {
        // long enough for the child to be seen, several times over; then the process ends by itself
        String script = "tail -f /dev/null & echo $!; sleep 2; exit 0";
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", script), log);

        assertThat(process.endsWithin(LONG_SECONDS)).isTrue();

        Optional<ProcessHandle> child =
                ProcessHandle.of(Long.parseLong(Files.readString(log).strip()));
        if (child.isPresent()) {
            child.get().onExit().get(LONG_MILLIS, TimeUnit.MILLISECONDS);
        }
        assertThat(child.filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aCrashReportSaysMoreThanTheLog() throws Exception {
        Files.writeString(crashLog(), """
                #
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  SIGSEGV (0xb) at pc=0x00007ff4791e0f14, pid=1, tid=1
                #
                # Problematic frame:
                # C  [libnvinfer.so.11+0x85f14]
                #
                """);
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "echo last; kill -ABRT $$"), log);

        assertThat(process.endsWithin(LONG_SECONDS)).isTrue();
        assertThat(words(process)).isEqualTo("was ended by SIGSEGV in [libnvinfer.so.11+0x85f14]");
    }

    @Test
    void aCrashIsNamed() throws Exception {
        ChildProcess process = ChildProcess.start(List.of("sh", "-c", "kill -SEGV $$"), log);

        assertThat(process.endsWithin(LONG_SECONDS)).isTrue();
        assertThat(words(process)).isEqualTo("was ended by SIGSEGV");
    }

    @Test
    void aProgramThatIsMissingIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> ChildProcess.start(List.of("no-such-program"), log))
                .withMessageContaining("no-such-program");
    }

    private String words(ChildProcess process) {
        return process.end(crashLog()).words();
    }

    private Path crashLog() {
        return directory.resolve("S5-crash.log");
    }
}
