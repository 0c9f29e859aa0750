package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import java.util.Arrays;

/**
 * The spans and labels of one text whose probability passes the threshold, in row-major order: start word, width, label. One
 * thread.
 */
final class Candidates {
    private static final int FIRST_ROOM = 16;

    private final RowLogits logits;
    private int[] cells = new int[FIRST_ROOM];
    private float[] probabilities = new float[FIRST_ROOM];
    private int count;

    private Candidates(RowLogits logits) {
        this.logits = logits;
    }

    /** Reads every score of a span inside the text once. A score that is no number passes no threshold. */
    static Candidates above(float threshold, RowLogits logits) {
        Candidates candidates = new Candidates(logits);
        float lowestLogit = Probability.lowestLogitAbove(threshold);
        for (int start = 0; start < logits.words(); start++) {
            int widths = Math.min(logits.maxWidth(), logits.words() - start);
            for (int width = 0; width < widths; width++) {
                for (int label = 0; label < logits.labels(); label++) {
                    float logit = logits.at(start, width, label);
                    if (logit > lowestLogit) {
                        candidates.addIfAbove(
                                threshold, (start * logits.maxWidth() + width) * logits.labels() + label, logit);
                    }
                }
            }
        }
        return candidates;
    }

    int count() {
        return count;
    }

    /** Index of the first word. */
    int start(int candidate) {
        return cells[candidate] / (logits.maxWidth() * logits.labels());
    }

    /** Index of the last word. */
    int last(int candidate) {
        return start(candidate) + cells[candidate] / logits.labels() % logits.maxWidth();
    }

    int label(int candidate) {
        return cells[candidate] % logits.labels();
    }

    float probability(int candidate) {
        return probabilities[candidate];
    }

    /** The candidates by falling probability; equal ones stay in row-major order. */
    int[] byProbability() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            // The bits of a float that is not negative order as the float does.
            keys[i] = (long) (Integer.MAX_VALUE - Float.floatToIntBits(probabilities[i])) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private void addIfAbove(float threshold, int cell, float logit) {
        float probability = Probability.of(logit);
        if (!(probability > threshold)) {
            return;
        }
        if (count == cells.length) {
            cells = Arrays.copyOf(cells, 2 * count);
            probabilities = Arrays.copyOf(probabilities, 2 * count);
        }
        cells[count] = cell;
        probabilities[count] = probability;
        count++;
    }
}
