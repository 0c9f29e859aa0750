package io.nuner.gputest.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of a run, for humans: each stage a line, below it its figures and notes. */
public final class ResultsTable {

    private ResultsTable() {}

    /** The lines of one stage. */
    public static List<String> lines(StageResult stage) {
        List<String> lines = new ArrayList<>();
        StageResult.Ending ending = stage.ending();
        lines.add(String.format(
                        Locale.ROOT,
                        "%-4s %-46s %-12s %6.1f s  %s",
                        stage.id(),
                        stage.title(),
                        ending.status().text(),
                        ending.seconds(),
                        ending.reason())
                .stripTrailing());
        for (Measurement measurement : stage.found().measurements()) {
            lines.add(String.format(
                            Locale.ROOT,
                            "     %-46s %18s  %-18s %s",
                            measurement.name(),
                            measurement.text(),
                            measurement.aim().isEmpty() ? "" : "aim " + measurement.aim(),
                            measurement.verdict())
                    .stripTrailing());
        }
        stage.found().notes().forEach(note -> lines.add("     note: " + note));
        return lines;
    }

    /** The lines of all stages, and a line that sums up aims and stages. */
    public static List<String> lines(List<StageResult> stages) {
        List<String> lines = new ArrayList<>();
        stages.forEach(stage -> lines.addAll(lines(stage)));
        List<Measurement> aimed = stages.stream()
                .flatMap(stage -> stage.found().measurements().stream())
                .filter(measurement -> !measurement.aim().isEmpty())
                .toList();
        long met = aimed.stream()
                .filter(measurement -> measurement.verdict().equals(Measurement.MET))
                .count();
        long bad = stages.stream().filter(stage -> stage.status().isBad()).count();
        long skipped = stages.stream()
                .filter(stage -> stage.status() == StageResult.Status.SKIPPED)
                .count();
        lines.add("aims: %d met, %d missed; stages: %d ok, %d failed, %d skipped"
                .formatted(met, aimed.size() - met, stages.size() - bad - skipped, bad, skipped));
        return lines;
    }
}
