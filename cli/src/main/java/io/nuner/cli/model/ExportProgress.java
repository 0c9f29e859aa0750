package io.nuner.cli.model;

import io.nuner.cli.common.ProgressLine;
import io.nuner.model.export.ProgressListener;

/** Shows how far an export is: a bar on a terminal, else one line for each stage. One thread at a time. */
final class ExportProgress implements ProgressListener {
    private static final int STAGE_WIDTH = 40;

    private final ProgressLine line;
    private String stage = "";
    private int percent = -1;

    ExportProgress(ProgressLine line) {
        this.line = line;
    }

    @Override
    public void progress(String newStage, int done, int total) {
        int newPercent = total <= 0 ? 100 : (int) (100L * done / total);
        boolean stageBegins = !newStage.equals(stage);
        if (line.isTerminal() && (stageBegins || newPercent != percent)) {
            String name = newStage.length() > STAGE_WIDTH ? newStage.substring(0, STAGE_WIDTH) : newStage;
            line.draw("exporting " + ProgressLine.bar(newPercent) + " " + name);
        }
        if (!line.isTerminal() && stageBegins) {
            line.print("exporting: " + newStage);
        }
        stage = newStage;
        percent = newPercent;
    }
}
