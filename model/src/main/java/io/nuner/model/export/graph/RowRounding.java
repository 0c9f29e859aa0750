package io.nuner.model.export.graph;

import java.util.Arrays;

/** Rounds rows of weights to bytes, -127 to 127. */
final class RowRounding {
    private static final int LARGEST = 127; // -128 is left out, so that steps are the same on both sides

    private RowRounding() {}

    /**
     * Rounds each value to the nearest multiple of a factor, by which the largest magnitude becomes {@value #LARGEST}.
     *
     * @param target gets the multiples
     * @return the factor; NaN if a value is not finite, so that products are not finite either
     */
    static float round(float[] row, byte[] target) {
        float largest = 0;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        float factor = largest / LARGEST;
        if (!Float.isFinite(factor) || factor < Float.MIN_NORMAL) {
            Arrays.fill(target, (byte) 0);
            return Float.isFinite(factor) ? 1 : Float.NaN;
        }
        for (int i = 0; i < row.length; i++) {
            target[i] = (byte) Math.rint(row[i] / factor);
        }
        return factor;
    }
}
