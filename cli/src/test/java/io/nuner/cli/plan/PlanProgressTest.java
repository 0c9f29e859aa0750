package io.nuner.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlanProgressTest {
    private final StringWriter printed = new StringWriter();
    private long nowNanos = 7;

    @Test
    void aTerminalShowsALineThatIsGoneInTheEnd() {
        ProgressLine line = line(true);
        PlanProgress progress = progress(line);

        progress.simulating(2, 10);
        progress.simulating(3, 10);
        line.clear();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kplan: simulation 1, 2 replicas at 10.0 texts/s"
                        + "\r\u001b[Kplan: simulation 2, 3 replicas at 10.0 texts/s\r\u001b[K");
    }

    @Test
    void elsewhereALineIsPrintedEveryFiveSeconds() {
        PlanProgress progress = progress(line(false));

        for (int second = 0; second < 11; second++) {
            progress.simulating(second, 10);
            nowNanos += Duration.ofSeconds(1).toNanos();
        }

        assertThat(printed.toString().lines())
                .containsExactly(
                        "plan: simulation 6, 5 replicas at 10.0 texts/s",
                        "plan: simulation 11, 10 replicas at 10.0 texts/s");
    }

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(printed), terminal);
    }

    private PlanProgress progress(ProgressLine line) {
        return new PlanProgress(line, () -> nowNanos);
    }
}
