package io.nuner.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EvalProgressTest {
    private final StringWriter printed = new StringWriter();
    private long nowNanos = 7;

    @Test
    void aTerminalShowsABarWithRateAndTimeLeft() {
        ProgressLine line = line(true);
        EvalProgress progress = progress(line, 4);

        pass(Duration.ofSeconds(2));
        progress.answered(1);
        line.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kevaluating [" + "#".repeat(7) + ".".repeat(23)
                        + "]  25% 1 of 4 texts, 0.5 texts/s, 6 s left" + System.lineSeparator());
    }

    @Test
    void theBarIsNotRedrawnFasterThanAnEyeSees() {
        EvalProgress progress = progress(line(true), 1000);

        for (int done = 1; done <= 1000; done++) {
            pass(Duration.ofMillis(1));
            progress.answered(done);
        }

        assertThat(printed.toString().split("\r", -1)).hasSize(1 + 11);
        assertThat(printed.toString()).endsWith("1000 of 1000 texts, 1000.0 texts/s, 0 s left");
    }

    @Test
    void elsewhereEachTenthIsOneLine() {
        EvalProgress progress = progress(line(false), 25);

        for (int done = 1; done <= 25; done++) {
            pass(Duration.ofSeconds(1));
            progress.answered(done);
        }

        assertThat(printed.toString().lines())
                .hasSize(10)
                .startsWith("evaluating: 3 of 25 texts, 1.0 texts/s, 22 s left")
                .endsWith("evaluating: 25 of 25 texts, 1.0 texts/s, 0 s left");
    }

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(printed), terminal);
    }

    private EvalProgress progress(ProgressLine line, int texts) {
        return new EvalProgress(line, texts, () -> nowNanos);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }
}
