package io.nuner.cli.model;

import io.nuner.cli.common.ProgressBar;
import io.nuner.model.export.ProgressListener;
import java.io.PrintWriter;

/**
 * Shows how far an export is: a bar that redraws itself on a terminal, else one line for each stage. One thread at a
 * time.
 */
final class ExportProgress implements ProgressListener {
    private static final int STAGE_WIDTH = 40;

    private final PrintWriter err;
    private final boolean terminal;
    private String stage = "";
    private int percent = -1;

    ExportProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void progress(String newStage, int done, int total) {
        int newPercent = total <= 0 ? 100 : (int) (100L * done / total);
        boolean stageBegins = !newStage.equals(stage);
        if (terminal && (stageBegins || newPercent != percent)) {
            draw(newStage, newPercent);
        }
        if (!terminal && stageBegins) {
            err.println("exporting: " + newStage);
            err.flush();
        }
        stage = newStage;
        percent = newPercent;
    }

    /** Ends the bar's line. */
    void end() {
        if (terminal && percent >= 0) {
            err.println();
            err.flush();
        }
    }

    private void draw(String newStage, int newPercent) {
        String name = newStage.length() > STAGE_WIDTH ? newStage.substring(0, STAGE_WIDTH) : newStage;
        err.print(ProgressBar.REDRAW + "exporting " + ProgressBar.of(newPercent) + " " + name);
        err.flush();
    }
}
