package io.nuner.load;

import java.util.List;

/** A choice among things of different frequency. Immutable. */
final class Shares {
    private final double[] cumulated;

    /** Choices of the given weights, each above 0. */
    Shares(List<Double> weights) {
        cumulated = new double[weights.size()];
        double total = 0;
        for (int i = 0; i < cumulated.length; i++) {
            total += weights.get(i);
            cumulated[i] = total;
        }
        for (int i = 0; i < cumulated.length; i++) {
            cumulated[i] /= total;
        }
    }

    /** The index chosen by a number in [0, 1). */
    int at(double point) {
        int index = 0;
        while (index < cumulated.length - 1 && point >= cumulated[index]) {
            index++;
        }
        return index;
    }
}
