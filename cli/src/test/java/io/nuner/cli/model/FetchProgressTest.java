package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FetchProgressTest {
    private static final long MB = 1_000_000;
    private static final String REDRAW = "\r\u001b[K";

    private final StringWriter printed = new StringWriter();
    private long nanos;

    @Test
    void aTerminalShowsABarWithSpeedAndTimeLeft() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("model.safetensors", 0, 1800 * MB);
        nanos = TimeUnit.SECONDS.toNanos(18);
        progress.reached(900 * MB);
        line.end();

        assertThat(printed.toString())
                .isEqualTo(REDRAW + "fetching [" + "#".repeat(15) + ".".repeat(15)
                        + "]  50% model.safetensors 900 of 1800 MB, 50.0 MB/s, 0:18 left" + System.lineSeparator());
    }

    @Test
    void aBarIsRedrawnTenTimesASecondAtMost() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("file", 0, 100 * MB);
        for (int i = 1; i <= 100; i++) {
            nanos = TimeUnit.MILLISECONDS.toNanos(10L * i);
            progress.reached(i * MB);
        }

        assertThat(printed.toString().split(REDRAW.substring(0, 1), -1)).hasSize(11);
    }

    @Test
    void elsewhereALineComesEveryFiveSeconds() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), false);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("model.safetensors", 600 * MB, 1800 * MB);
        for (int second = 1; second <= 12; second++) {
            nanos = TimeUnit.SECONDS.toNanos(second);
            progress.reached((600 + 100L * second) * MB);
        }
        progress.finished();
        line.end();

        assertThat(printed.toString().lines())
                .containsExactly(
                        "fetching model.safetensors: 1800 MB, of which 600 MB are there",
                        "fetching model.safetensors 1100 of 1800 MB, 100.0 MB/s, 0:07 left",
                        "fetching model.safetensors 1600 of 1800 MB, 100.0 MB/s, 0:02 left",
                        "fetched model.safetensors");
    }

    @Test
    void whatHadToBeginAnewIsNotCountedTwice() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), false);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("file", 0, 100 * MB);
        progress.reached(50 * MB);
        progress.reached(0);
        nanos = TimeUnit.SECONDS.toNanos(10);
        progress.reached(20 * MB);

        assertThat(printed.toString()).contains("file 20 of 100 MB, 2.0 MB/s, 0:40 left");
    }

    @Test
    void aSmallFileIsCountedInBytes() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("gliner_config.json", 0, 634);
        progress.reached(634);
        progress.finished();

        assertThat(printed.toString())
                .isEqualTo(REDRAW + "fetching [" + "#".repeat(30) + "] 100% gliner_config.json 634 of 634 bytes"
                        + System.lineSeparator());
    }

    @Test
    void aNoteTakesThePlaceOfTheBar() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        FetchProgress progress = new FetchProgress(line, () -> nanos);

        progress.started("file", 0, 10 * MB);
        nanos = TimeUnit.SECONDS.toNanos(1);
        progress.reached(5 * MB);
        progress.note("the connection broke");
        line.end();

        assertThat(printed.toString()).endsWith(" left" + REDRAW + "the connection broke" + System.lineSeparator());
    }
}
