package io.nuner.cli.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExtractProgressTest {
    private final StringWriter err = new StringWriter();
    private long nanos = Long.MAX_VALUE - 5; // a clock that overflows

    private ExtractProgress progress(boolean terminal) {
        return new ExtractProgress(new ProgressLine(new PrintWriter(err), terminal), () -> nanos);
    }

    @Test
    void shortWorkShowsNothing() {
        ExtractProgress progress = progress(true);

        pass(999);
        progress.reached(50, 100);
        progress.answered();

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void longWorkIsABarAtMostTenTimesASecond() {
        ExtractProgress progress = progress(true);

        pass(1_000);
        progress.reached(50, 100);
        pass(99);
        progress.reached(51, 100);
        pass(1);
        progress.reached(52, 100);

        assertThat(err.toString())
                .contains("searching [###############...............]  50%")
                .doesNotContain("51%")
                .contains("52%");
    }

    @Test
    void textsAreCounted() {
        ExtractProgress progress = progress(true);

        progress.answered();
        pass(2_000);
        progress.answered();

        assertThat(err.toString()).endsWith("searching: 2 texts, 1.0 texts/s");
    }

    @Test
    void onlyATerminalShowsIt() {
        ExtractProgress progress = progress(false);

        pass(5_000);
        progress.reached(50, 100);
        progress.answered();
        progress.hide();

        assertThat(err.toString()).isEmpty();
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
