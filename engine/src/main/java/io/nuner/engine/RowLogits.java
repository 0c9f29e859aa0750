package io.nuner.engine;

/**
 * Scores of one text: a logit for every start word, width and label. Immutable by convention: {@link #wrap} shares the
 * array.
 */
public final class RowLogits {
    private final int words;
    private final int maxWidth;
    private final int labels;
    private final float[] scores;

    private RowLogits(int words, int maxWidth, int labels, float[] scores) {
        this.words = words;
        this.maxWidth = maxWidth;
        this.labels = labels;
        this.scores = scores;
    }

    /**
     * Wraps {@code [words, maxWidth, labels]} scores in row-major order; the caller must not change the array afterwards.
     *
     * @throws IllegalArgumentException if the array's length is not the product of the three sizes
     */
    public static RowLogits wrap(int words, int maxWidth, int labels, float[] scores) {
        if (scores.length != (long) words * maxWidth * labels) {
            throw new IllegalArgumentException(
                    "expected " + words + " x " + maxWidth + " x " + labels + " logits, but got " + scores.length);
        }
        return new RowLogits(words, maxWidth, labels, scores);
    }

    /** Words of the text. */
    public int words() {
        return words;
    }

    /** Widths scored for each start word. */
    public int maxWidth() {
        return maxWidth;
    }

    /** Labels of the prompt. */
    public int labels() {
        return labels;
    }

    /**
     * The logit of a span and a label.
     *
     * @param start index of the first word
     * @param width words in the span minus one; a span that runs past the text has an undefined score
     * @param label index of the label
     */
    public float at(int start, int width, int label) {
        return scores[(start * maxWidth + width) * labels + label];
    }

    /**
     * Where the next logit above that one is, of those of the spans with one first word: the one of width w and label l is at
     * w times labels plus l. -1 if there is none. A logit that is no number is above none.
     *
     * @param start index of the first word
     * @param from the first place looked at
     * @param to behind the last such place
     */
    public int nextAbove(float logit, int start, int from, int to) {
        int first = start * maxWidth * labels;
        for (int i = first + from; i < first + to; i++) {
            if (scores[i] > logit) {
                return i - first;
            }
        }
        return -1;
    }

    /** True if every score of a span inside the text is a finite number. */
    public boolean isFinite() {
        for (int start = 0; start < words; start++) {
            int scored = Math.min(maxWidth, words - start) * labels;
            int from = start * maxWidth * labels;
            for (int i = from; i < from + scored; i++) {
                if (!Float.isFinite(scores[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The probability that a logit stands for, 0 to 1. */
    public static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
