package io.nuner.gputest.weights;

/**
 * How a head of random weights is scaled, found by trying: the share of scores above 0.5 is checked by each run. Immutable.
 *
 * @param span factor of the last layer over spans
 * @param label factor of the last layer over labels
 * @param bias constant of both last biases, of opposite sign
 */
record ScoreScale(double span, double label, double bias) {
    static ScoreScale of(ModelShape shape) {
        return switch (shape) {
            case TINY -> new ScoreScale(2.2, 2.2, 0.56);
            case SMALL -> new ScoreScale(1, 1, 0);
            case LARGE -> new ScoreScale(1, 1, 0.085);
        };
    }
}
