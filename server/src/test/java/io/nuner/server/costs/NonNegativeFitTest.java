package io.nuner.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonNegativeFitTest {
    private static final int COLUMNS = 4;

    /** The conditions of Karush, Kuhn and Tucker, which only the best answer meets. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noSmallChangeOfAFactorFitsBetter(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[12][COLUMNS];
        for (double[] row : rows) {
            for (int column = 0; column < COLUMNS; column++) {
                row[column] = 0.01 + random.nextDouble() * Math.pow(10, column);
            }
        }

        double[] factors = NonNegativeFit.solve(rows, COLUMNS);

        for (int column = 0; column < COLUMNS; column++) {
            double slope = slope(rows, factors, column);
            assertThat(factors[column]).as("factor %d, seed %d", column, seed).isNotNegative();
            if (factors[column] > 0) {
                assertThat(slope).as("slope %d, seed %d", column, seed).isCloseTo(0, within(1e-6));
            } else {
                assertThat(slope).as("slope %d, seed %d", column, seed).isGreaterThan(-1e-6);
            }
        }
    }

    /** How fast the sum of squares grows with the factor, in units of the column's own size. */
    private static double slope(double[][] rows, double[] factors, int column) {
        double slope = 0;
        double size = 0;
        for (double[] row : rows) {
            double off = -1;
            for (int other = 0; other < COLUMNS; other++) {
                off += row[other] * factors[other];
            }
            slope += off * row[column];
            size += row[column] * row[column];
        }
        return slope / Math.sqrt(size);
    }
}
