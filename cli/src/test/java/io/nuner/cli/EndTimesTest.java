package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class EndTimesTest {
    private static final CommandRun RUN = new CommandRun(0, "", "");

    @Test
    void aCommandThatHangsFailsNamed() {
        EndTimes times = new EndTimes(Duration.ofMillis(1));
        CompletableFuture<CommandRun> never = new CompletableFuture<>();

        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> times.of("hanging", never::join))
                .withMessageContaining("hanging");
    }

    @Test
    void everyCommandThatEndedIsReported() {
        EndTimes times = new EndTimes(Duration.ofSeconds(30));

        assertThat(times.of("first", () -> RUN)).isSameAs(RUN);
        times.of("second", () -> RUN);

        assertThat(times.report("all"))
                .startsWith("all: 2 commands ended, largest ")
                .contains("first", "second");
    }
}
