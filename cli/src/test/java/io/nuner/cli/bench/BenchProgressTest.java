package io.nuner.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import io.nuner.load.LoadRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchProgressTest {
    private final StringWriter printed = new StringWriter();

    @Test
    void aTerminalShowsABarWithRatesInFlightAndLatency() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        BenchProgress progress = new BenchProgress(line);

        progress.progress(at(0.5));
        line.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kbench [" + "#".repeat(15) + ".".repeat(15)
                        + "]  50% 50/s: sent 49/s, ok 40/s, refused 3/s, 7 in flight, p99 12.3 ms, 9 s left"
                        + System.lineSeparator());
    }

    @Test
    void elsewhereEachTenthIsOneLine() {
        BenchProgress progress = new BenchProgress(new ProgressLine(new PrintWriter(printed), false));

        for (int i = 0; i <= 100; i++) {
            progress.progress(at(i / 100.0));
        }
        progress.progress(at(1));

        assertThat(printed.toString().lines())
                .hasSize(10)
                .allMatch(line -> line.equals(
                        "bench: 50/s: sent 49/s, ok 40/s, refused 3/s, 7 in flight, p99 12.3 ms, 9 s left"));
    }

    private static LoadRun.Status at(double done) {
        return new LoadRun.Status("50/s", done, 9, 7, 49, 40, 3, 12.34);
    }
}
