package io.nuner.server.costs;

import java.util.Arrays;

/**
 * Least squares with factors that are never negative: finds x of {@code rows * x = 1}. One thread at a time.
 *
 * <p>Solves every subset of the columns and takes the best whose factors are all positive, which is the exact answer and
 * cheap for the five columns there are. Of subsets that fit equally well the smallest wins, then the one of the leftmost
 * columns.
 */
final class NonNegativeFit {
    /** Columns closer to one another than this are one column. */
    private static final double COLLINEAR = 1e-9;

    private static final double BETTER = 1 - 1e-9;

    private final double[][] rows;
    private final double[] scales;
    private final int columns;
    private double[] best;
    private double bestResidual;

    private NonNegativeFit(double[][] rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        scales = new double[columns];
        for (int column = 0; column < columns; column++) {
            scales[column] = 1 / Math.sqrt(dot(column, column));
        }
        best = new double[columns];
        bestResidual = rows.length;
    }

    /** The factors of the first columns; {@code rows} all have at least as many values, positive and finite. */
    static double[] solve(double[][] rows, int columns) {
        NonNegativeFit fit = new NonNegativeFit(rows, columns);
        for (int size = 1; size <= columns; size++) {
            fit.tryAllOf(size);
        }
        return fit.best;
    }

    private void tryAllOf(int size) {
        for (int subset = 1; subset < 1 << columns; subset++) {
            if (Integer.bitCount(subset) == size) {
                tryColumns(columnsOf(subset, size));
            }
        }
    }

    private static int[] columnsOf(int subset, int size) {
        int[] chosen = new int[size];
        int rest = subset;
        for (int i = 0; i < size; i++) {
            chosen[i] = Integer.numberOfTrailingZeros(rest);
            rest &= rest - 1;
        }
        return chosen;
    }

    private void tryColumns(int[] chosen) {
        double[][] factor = cholesky(chosen);
        if (factor.length == 0) {
            return;
        }
        double[] candidate = new double[columns];
        double[] solved = backward(factor, forward(factor, chosen));
        for (int i = 0; i < chosen.length; i++) {
            candidate[chosen[i]] = solved[i] * scales[chosen[i]];
        }
        double residual = residual(candidate);
        if (Arrays.stream(solved).allMatch(value -> value > 0) && residual < bestResidual * BETTER) {
            best = candidate;
            bestResidual = residual;
        }
    }

    /** The lower triangle L with L * L' = the chosen columns' products; empty if a column is made of the others. */
    private double[][] cholesky(int[] chosen) {
        double[][] lower = new double[chosen.length][chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            for (int j = 0; j <= i; j++) {
                double product = dot(chosen[i], chosen[j]) * scales[chosen[i]] * scales[chosen[j]];
                double left = product - dot(lower[i], lower[j], j);
                lower[i][j] = i == j ? Math.sqrt(Math.max(0, left)) : left / lower[j][j];
            }
            if (lower[i][i] * lower[i][i] < COLLINEAR) {
                return new double[0][];
            }
        }
        return lower;
    }

    private double[] forward(double[][] lower, int[] chosen) {
        double[] solved = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            int column = chosen[i];
            double sum = Arrays.stream(rows).mapToDouble(row -> row[column]).sum() * scales[column];
            solved[i] = (sum - dot(lower[i], solved, i)) / lower[i][i];
        }
        return solved;
    }

    private static double[] backward(double[][] lower, double[] target) {
        double[] solved = target.clone();
        for (int i = solved.length - 1; i >= 0; i--) {
            for (int below = i + 1; below < solved.length; below++) {
                solved[i] -= lower[below][i] * solved[below];
            }
            solved[i] /= lower[i][i];
        }
        return solved;
    }

    private double residual(double[] factors) {
        double squares = 0;
        for (double[] row : rows) {
            double off = dot(row, factors, columns) - 1;
            squares += off * off;
        }
        return squares;
    }

    private double dot(int one, int other) {
        return Arrays.stream(rows).mapToDouble(row -> row[one] * row[other]).sum();
    }

    private static double dot(double[] one, double[] other, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
