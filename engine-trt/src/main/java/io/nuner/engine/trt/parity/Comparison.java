package io.nuner.engine.trt.parity;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.RowLogits;
import java.util.Arrays;
import java.util.List;

/** Counts how scores differ from the reference's. One thread at a time. */
final class Comparison {
    /** A span is found if its score is above this, as by default for a request. */
    private static final double THRESHOLD = 0.5;

    private final double margin;
    private double[] differences = new double[1 << 12];
    private int scores;
    private int spans;
    private int differing;
    private int withinMargin;

    Comparison(ParityGate.Bounds bounds) {
        margin = bounds.margin();
    }

    /**
     * Compares a row that an engine ran several times, alone and with others. For each score, the run that is furthest off
     * counts.
     */
    void add(RowLogits expected, List<RowLogits> runs) {
        for (int start = 0; start < expected.words(); start++) {
            int widths = Math.min(expected.maxWidth(), expected.words() - start);
            for (int each = 0; each < widths * expected.labels(); each++) {
                int width = each / expected.labels();
                int label = each % expected.labels();
                double score = RowLogits.probability(expected.at(start, width, label));
                add(score, furthest(score, runs, start, width, label));
            }
        }
    }

    private static double furthest(double score, List<RowLogits> runs, int start, int width, int label) {
        double furthest = score;
        for (RowLogits run : runs) {
            double other = RowLogits.probability(run.at(start, width, label));
            furthest = Math.abs(other - score) > Math.abs(furthest - score) ? other : furthest;
        }
        return furthest;
    }

    private void add(double expected, double actual) {
        if (scores == differences.length) {
            differences = Arrays.copyOf(differences, 2 * scores);
        }
        differences[scores] = Math.abs(expected - actual);
        scores++;
        if (expected > THRESHOLD) {
            spans++;
        }
        if (expected > THRESHOLD == actual > THRESHOLD) {
            return;
        }
        if (isClose(expected) && isClose(actual)) {
            withinMargin++;
        } else {
            differing++;
        }
    }

    private boolean isClose(double score) {
        return Math.abs(score - THRESHOLD) <= margin;
    }

    ParityReport report(String reference, Precision precision, int rows) {
        double[] sorted = Arrays.copyOf(differences, scores);
        Arrays.sort(sorted);
        return new ParityReport(
                reference,
                precision.key(),
                rows,
                spans,
                differing,
                withinMargin,
                sorted[scores - 1],
                sorted[(int) Math.ceil(0.999 * scores) - 1]);
    }
}
