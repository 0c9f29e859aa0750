package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import java.util.Arrays;

/**
 * The spans of one text of which a label's probability passes the threshold, in row-major order: start word, width. One thread.
 *
 * <p>Each span is held once, with its most probable label, the first of equal ones. That label alone decides whether the span is
 * kept, because a span that rules it out rules out the less probable labels, too. So memory is linear in the spans of the text,
 * for any number of labels.
 */
final class Candidates {
    /** More than the single-precision steps of a probability can be off. */
    private static final double SLACK = 1e-6;

    private static final int FIRST_ROOM = 16;

    private final RowLogits logits;
    private final float threshold;
    private final float lowestLogit;
    private int[] cells = new int[FIRST_ROOM];
    private float[] probabilities = new float[FIRST_ROOM];
    private int count;

    private Candidates(float threshold, RowLogits logits) {
        this.logits = logits;
        this.threshold = threshold;
        lowestLogit = lowestLogitAbove(threshold);
    }

    /** Reads every score of a span inside the text once. A score that is no number passes no threshold. */
    static Candidates above(float threshold, RowLogits logits) {
        Candidates candidates = new Candidates(threshold, logits);
        for (int start = 0; start < logits.words(); start++) {
            int widths = Math.min(logits.maxWidth(), logits.words() - start);
            for (int width = 0; width < widths; width++) {
                candidates.addBestLabel(start, width);
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
        return start(candidate) + width(candidate);
    }

    /** The most probable label. */
    int label(int candidate) {
        return cells[candidate] % logits.labels();
    }

    /** The probability of the most probable label. */
    float probability(int candidate) {
        return probabilities[candidate];
    }

    /** How many labels there are. */
    int labels() {
        return logits.labels();
    }

    /** The probability of any label, if it passes the threshold; else -1. */
    float probability(int candidate, int label) {
        return passing(logits.at(start(candidate), width(candidate), label));
    }

    /** The candidates by falling probability; equal ones stay in row-major order. */
    int[] byProbability() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = key(probabilities[i], i);
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** A number that sorts by falling probability and then by index. */
    static long key(float probability, int index) {
        // Floats that are not negative compare like their bits.
        return (long) (Integer.MAX_VALUE - Float.floatToIntBits(probability)) << Integer.SIZE | index;
    }

    private int width(int candidate) {
        return cells[candidate] / logits.labels() % logits.maxWidth();
    }

    private void addBestLabel(int start, int width) {
        int best = -1;
        float highest = -1;
        for (int label = 0; label < logits.labels(); label++) {
            float probability = passing(logits.at(start, width, label));
            if (probability > highest) {
                highest = probability;
                best = label;
            }
        }
        if (best >= 0) {
            add((start * logits.maxWidth() + width) * logits.labels() + best, highest);
        }
    }

    /** The probability if it passes the threshold, else -1. */
    private float passing(float logit) {
        if (!(logit > lowestLogit)) { // also true for NaN
            return -1;
        }
        float probability = probability(logit);
        return probability > threshold ? probability : -1;
    }

    private void add(int cell, float probability) {
        if (count == cells.length) {
            cells = Arrays.copyOf(cells, 2 * count);
            probabilities = Arrays.copyOf(probabilities, 2 * count);
        }
        cells[count] = cell;
        probabilities[count] = probability;
        count++;
    }

    /** The logistic function as the reference computes it: every step in single precision. */
    private static float probability(float logit) {
        return 1f / (1f + (float) Math.exp(-logit));
    }

    /** Logits up to this one have no probability above the threshold; greater ones may have. */
    private static float lowestLogitAbove(float threshold) {
        double lower = threshold - SLACK;
        return lower <= 0 ? Float.NEGATIVE_INFINITY : Math.nextDown((float) Math.log(lower / (1 - lower)));
    }
}
