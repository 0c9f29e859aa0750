package io.nuner.model.decode;

import io.nuner.model.window.LabelSet;
import java.util.Arrays;

/** What the scores of each label must exceed, and which labels share a name. One thread. */
final class Thresholds {
    /** More than the single-precision steps of a probability can be off. */
    private static final double SLACK = 1e-6;

    private static final int NONE = -1;

    private final float[] thresholds;
    private final float[] lowestLogits;
    private final float lowestLogit;
    private final int[] names;
    private final boolean aliases;
    /** By name: the best label of the span being looked at. */
    private final int[] best;

    private Thresholds(float[] thresholds, int[] names) {
        this.thresholds = thresholds;
        this.names = names;
        lowestLogits = new float[thresholds.length];
        boolean shared = false;
        float lowest = Float.POSITIVE_INFINITY;
        for (int label = 0; label < thresholds.length; label++) {
            boolean isSame = label > 0 && thresholds[label] == thresholds[label - 1];
            lowestLogits[label] = isSame ? lowestLogits[label - 1] : lowestLogitAbove(thresholds[label]);
            lowest = Math.min(lowest, lowestLogits[label]);
            shared |= names[label] < label;
        }
        aliases = shared;
        best = new int[shared ? thresholds.length : 0];
        lowestLogit = lowest;
    }

    /** One threshold for labels that all have names of their own. */
    static Thresholds same(int labels, float threshold) {
        float[] thresholds = new float[labels];
        int[] names = new int[labels];
        Arrays.fill(thresholds, threshold);
        Arrays.setAll(names, label -> label);
        return new Thresholds(thresholds, names);
    }

    /** Those of the labels; of a label that has none, the other one. */
    static Thresholds of(LabelSet labels, float otherwise) {
        float[] thresholds = new float[labels.count()];
        int[] names = new int[labels.count()];
        for (int label = 0; label < names.length; label++) {
            thresholds[label] = labels.threshold(label, otherwise);
            names[label] = labels.nameNumber(label);
        }
        return new Thresholds(thresholds, names);
    }

    int labels() {
        return names.length;
    }

    /** The number of the label's name, which is below the number of labels. */
    int name(int label) {
        return names[label];
    }

    /** Logits up to this one pass for no label; greater ones may. */
    float lowestLogit() {
        return lowestLogit;
    }

    /** The probability if it passes the label's threshold, else -1. */
    float passing(int label, float logit) {
        if (!(logit > lowestLogits[label])) { // also true for NaN
            return -1;
        }
        float probability = probability(logit);
        return probability > thresholds[label] ? probability : -1;
    }

    /** Of labels that share a name, leaves only the most probable one, the first of equal ones; the others become -1. */
    void keepBestOfEachName(float[] probabilities) {
        if (!aliases) {
            return;
        }
        Arrays.fill(best, NONE);
        for (int label = 0; label < names.length; label++) {
            int earlier = best[names[label]];
            if (earlier == NONE || probabilities[label] > probabilities[earlier]) {
                best[names[label]] = label;
                drop(earlier, probabilities);
            } else {
                drop(label, probabilities);
            }
        }
    }

    private static void drop(int label, float[] probabilities) {
        if (label != NONE) {
            probabilities[label] = -1;
        }
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
