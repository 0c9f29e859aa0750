package io.nuner.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlanProgressTest {
    private final StringWriter printed = new StringWriter();
    private long nowNanos = 7;

    @Test
    void aTerminalShowsALineThatIsGoneInTheEnd() {
        PlanProgress progress = progress(true);

        progress.simulating(2, 10);
        progress.simulating(3, 10);
        progress.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kplan: simulation 1, 2 replicas at 10.0 texts/s"
                        + "\r\u001b[Kplan: simulation 2, 3 replicas at 10.0 texts/s\r\u001b[K");
    }

    @Test
    void elsewhereALineIsPrintedEveryFiveSeconds() {
        PlanProgress progress = progress(false);

        for (int second = 0; second < 11; second++) {
            progress.simulating(second, 10);
            nowNanos += Duration.ofSeconds(1).toNanos();
        }
        progress.end();

        assertThat(printed.toString().lines())
                .containsExactly(
                        "plan: simulation 6, 5 replicas at 10.0 texts/s",
                        "plan: simulation 11, 10 replicas at 10.0 texts/s");
    }

    private PlanProgress progress(boolean terminal) {
        return new PlanProgress(new PrintWriter(printed), terminal, () -> nowNanos);
    }
}
