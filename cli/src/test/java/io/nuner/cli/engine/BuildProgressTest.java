package io.nuner.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BuildProgressTest {
    private final StringWriter printed = new StringWriter();
    private final AtomicLong clock = new AtomicLong(-5);

    @Test
    void aTerminalShowsOneLineThatRedrawsItself() {
        BuildProgress progress = progress(true);

        progress.progress("typing the graphs");
        after(12);
        progress.progress("compiling the encoder");
        after(13);
        progress.progress("compiling the encoder");
        progress.end();
        progress.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kbuilding, 0 s: typing the graphs"
                        + "\r\u001b[Kbuilding, 12 s: compiling the encoder"
                        + "\r\u001b[Kbuilding, 25 s: compiling the encoder"
                        + System.lineSeparator());
    }

    @Test
    void elsewhereEachStageIsOneLine() {
        BuildProgress progress = progress(false);

        progress.progress("compiling the encoder");
        after(13);
        progress.progress("compiling the encoder");
        progress.progress("compiling the head");
        progress.end();

        assertThat(printed.toString().lines())
                .containsExactly("building, 0 s: compiling the encoder", "building, 13 s: compiling the head");
    }

    private BuildProgress progress(boolean terminal) {
        return new BuildProgress(new ProgressLine(new PrintWriter(printed), terminal), clock::get);
    }

    private void after(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
