package io.nuner.model.export.checkpoint;

import java.nio.ByteBuffer;

/**
 * Decoder of a matrix of bytes whose rows each have a factor: a value is the byte, -128 to 127, times the factor of its
 * row. Immutable.
 *
 * <p>The factors of the matrix NAME are the tensor NAME.scale, float32, one for each row.
 */
final class ScaledRows implements ValueDecoder {
    /** The suffix that makes the name of the factors from the name of the matrix. */
    static final String SUFFIX = ".scale";

    private final float[] factors;
    private final int columns;

    /** Takes over the factors, one for each row. */
    ScaledRows(float[] factors, int columns) {
        this.factors = factors;
        this.columns = columns;
    }

    /** The factor of a row. */
    float factor(int row) {
        return factors[row];
    }

    @Override
    public void read(ByteBuffer bytes, int from, float[] target, int count) {
        int done = 0;
        while (done < count) {
            int row = (from + done) / columns;
            int endOfRow = (int) Math.min(count, (row + 1L) * columns - from);
            for (; done < endOfRow; done++) {
                target[done] = bytes.get(from + done) * factors[row];
            }
        }
    }
}
