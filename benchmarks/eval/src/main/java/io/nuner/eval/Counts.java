package io.nuner.eval;

/**
 * How many of the gold standard were found. Immutable.
 *
 * @param correct in the gold standard and found
 * @param spurious found, but not in the gold standard
 * @param missed in the gold standard, but not found
 */
public record Counts(long correct, long spurious, long missed) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts other) {
        return new Counts(correct + other.correct, spurious + other.spurious, missed + other.missed);
    }

    /** How many there are in the gold standard. */
    public long support() {
        return correct + missed;
    }

    /** Precision, recall and F1; each is 0 where its denominator is. */
    public Score score() {
        return new Score(
                ratio(correct, correct + spurious),
                ratio(correct, correct + missed),
                ratio(2 * correct, 2 * correct + spurious + missed));
    }

    boolean isEmpty() {
        return equals(NONE);
    }

    private static double ratio(long numerator, long denominator) {
        return denominator == 0 ? 0 : (double) numerator / denominator;
    }

    /** Quality as fractions, 0 to 1. */
    public record Score(double precision, double recall, double f1) {}
}
