package io.nuner.gputest.measure;

/**
 * Useful floating-point operations of a DeBERTa-v3 encoder, a multiplication and an addition counting two: the products of
 * matrices of the layers and nothing else, and for a row of n tokens only what n tokens need. Immutable.
 *
 * <p>Padding, normalisation, softmax, the gathers of attention and the head count nothing, so a share of the peak that is
 * computed from this is a lower bound of what the device did. Projections of the relative positions are constants of the
 * model and count nothing either.
 *
 * @param layers layers, L
 * @param hidden size of a hidden state, H; heads times their size
 * @param feedForward inner size of the feed-forward part, F
 * @param buckets relative positions on either side that have an embedding of their own
 * @param maxPositions distance from which on all positions share the last embedding
 */
public record Flops(int layers, int hidden, int feedForward, int buckets, int maxPositions) {
    /** Kernels want multiples of this many rows, so the used position rows are rounded up to it. */
    private static final int ROW_MULTIPLE = 8;

    /**
     * Operations of one token in a row of {@code rowTokens}: {@code L * (2 * (4 H^2 + 2 H F) + 4 H n + 4 H R(n))}: the four projections and the two
     * feed-forward products; scores and weighted values; both kinds of scores of positions.
     */
    public double perToken(int rowTokens) {
        double dense = 2.0 * (4.0 * hidden * hidden + 2.0 * hidden * feedForward);
        double attention = 4.0 * hidden * rowTokens;
        double positions = 4.0 * hidden * positionRows(rowTokens);
        return layers * (dense + attention + positions);
    }

    /** Operations of a whole row. */
    public double perRow(int rowTokens) {
        return rowTokens * perToken(rowTokens);
    }

    /** Rows of the position table that a row of n tokens can reach, R(n): {@code 2 * bucket(n - 1) + 1}, rounded up to 8. */
    public int positionRows(int rowTokens) {
        int reached = 2 * bucket(rowTokens - 1) + 1;
        int rounded = (reached + ROW_MULTIPLE - 1) / ROW_MULTIPLE * ROW_MULTIPLE;
        return Math.min(2 * buckets, rounded);
    }

    /** The bucket of a distance of at least 0, as {@code make_log_bucket_position} of transformers' modeling_deberta_v2.py. */
    public int bucket(int distance) {
        int exact = buckets / 2;
        if (distance <= exact) {
            return distance;
        }
        double share = Math.log((double) distance / exact) / Math.log((maxPositions - 1.0) / exact);
        return Math.min(buckets, (int) Math.ceil(share * (exact - 1)) + exact);
    }
}
