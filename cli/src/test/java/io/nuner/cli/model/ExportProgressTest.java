package io.nuner.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ExportProgressTest {
    private final StringWriter printed = new StringWriter();

    @Test
    void aTerminalShowsABarThatRedrawsItself() {
        ExportProgress progress = new ExportProgress(new PrintWriter(printed), true);

        progress.progress("encoder", 1, 2);
        progress.end();

        assertThat(printed.toString())
                .isEqualTo("\r\u001b[Kexporting [" + "#".repeat(15) + ".".repeat(15) + "]  50% encoder"
                        + System.lineSeparator());
    }

    @Test
    void elsewhereEachStageIsOneLine() {
        ExportProgress progress = new ExportProgress(new PrintWriter(printed), false);

        progress.progress("encoder", 1, 2);
        progress.progress("encoder", 2, 2);
        progress.progress("head", 1, 1);
        progress.end();

        assertThat(printed.toString().lines()).containsExactly("exporting: encoder", "exporting: head");
    }
}
