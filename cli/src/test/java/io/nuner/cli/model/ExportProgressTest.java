package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.cli.common.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ExportProgressTest {
    private final StringWriter printed = new StringWriter();

    @Test
    void aTerminalShowsABarThatRedrawsItself() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), true);
        ExportProgress progress = new ExportProgress(line);

        progress.progress("encoder", 1, 2);
        line.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kexporting [" + "#".repeat(15) + ".".repeat(15) + "]  50% encoder"
                        + System.lineSeparator());
    }

    @Test
    void elsewhereEachStageIsOneLine() {
        ProgressLine line = new ProgressLine(new PrintWriter(printed), false);
        ExportProgress progress = new ExportProgress(line);

        progress.progress("encoder", 1, 2);
        progress.progress("encoder", 2, 2);
        progress.progress("head", 1, 1);
        line.end();

        assertThat(printed.toString().lines()).containsExactly("exporting: encoder", "exporting: head");
    }
}
