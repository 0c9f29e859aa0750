package io.nuner.eval;

import java.util.ArrayList;
import java.util.List;

/** What one side got right and wrong, text by text, so that F1 of any sample of the texts can be told. Immutable. */
final class TextCounts {
    private final int labels;
    private final List<List<Cell>> byText;

    private TextCounts(int labels, List<List<Cell>> byText) {
        this.labels = labels;
        this.byText = byText;
    }

    /**
     * The counts of texts.
     *
     * @param labels all labels that occur in them, and perhaps others
     */
    static TextCounts of(List<String> labels, List<Tally> texts) {
        List<List<Cell>> byText = new ArrayList<>(texts.size());
        for (Tally text : texts) {
            List<Cell> cells = new ArrayList<>();
            text.byLabel()
                    .forEach((label, counts) -> cells.add(
                            new Cell(labels.indexOf(label), counts.correct(), counts.spurious() + counts.missed())));
            byText.add(List.copyOf(cells));
        }
        return new TextCounts(labels.size(), byText);
    }

    /** Number of texts. */
    int size() {
        return byText.size();
    }

    /** Number of figures that {@link #f1} gives. */
    int figures() {
        return labels + 2;
    }

    /**
     * F1 by label, then micro, then macro, by the definitions of {@link Tally}.
     *
     * @param times how often the sample holds each text
     */
    double[] f1(int[] times) {
        long[] correct = new long[labels];
        long[] wrong = new long[labels];
        for (int text = 0; text < times.length; text++) {
            for (Cell cell : byText.get(text)) {
                correct[cell.label] += times[text] * cell.correct;
                wrong[cell.label] += times[text] * cell.wrong;
            }
        }
        return f1(correct, wrong);
    }

    private static double[] f1(long[] correct, long[] wrong) {
        int labels = correct.length;
        double[] f1 = new double[labels + 2];
        long allCorrect = 0;
        long allWrong = 0;
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < labels; label++) {
            f1[label] = f1(correct[label], wrong[label]);
            allCorrect += correct[label];
            allWrong += wrong[label];
            sum += f1[label];
            occurring += correct[label] + wrong[label] == 0 ? 0 : 1;
        }
        f1[labels] = f1(allCorrect, allWrong);
        f1[labels + 1] = sum / Math.max(1, occurring);
        return f1;
    }

    private static double f1(long correct, long wrong) {
        return new Counts(correct, wrong, 0).score().f1();
    }

    /**
     * What a text adds to a label.
     *
     * @param wrong spurious and missed
     */
    private record Cell(int label, long correct, long wrong) {}
}
