package io.nuner.server.costs;

/**
 * What a batch costs, in nanoseconds; all finite and not negative. Immutable.
 *
 * @param fixed of any batch
 * @param perRow of each row
 * @param perStep of each token of the longest row: work that cannot be spread over rows, such as a recurrent layer
 * @param perToken of each token
 * @param perPaddedSquare of each cell of the padded attention matrices: rows times the square of the longest row
 */
public record CostTerms(double fixed, double perRow, double perStep, double perToken, double perPaddedSquare) {
    public CostTerms {
        require("fixed", fixed);
        require("perRow", perRow);
        require("perStep", perStep);
        require("perToken", perToken);
        require("perPaddedSquare", perPaddedSquare);
    }

    private static void require(String name, double nanos) {
        if (!(nanos >= 0 && nanos < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and not negative, but was " + nanos);
        }
    }
}
