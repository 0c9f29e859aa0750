package io.nuner.engine;

/**
 * Sizes of the encoder's inputs, called B, S, T and M in shapes.
 *
 * @param rows rows, B
 * @param rowLength tokens to which attention pads each row, S
 * @param tokens tokens of all rows, T
 * @param needed tokens whose hidden states are asked for, M
 */
public record EncoderSize(int rows, int rowLength, int tokens, int needed) {
    public EncoderSize {
        if (rows < 1 || rowLength < 1 || tokens < 1 || needed < 1) {
            throw new IllegalArgumentException("sizes must be positive, but were " + rows + " rows of " + rowLength
                    + ", " + tokens + " tokens, " + needed + " needed");
        }
    }

    /** True if none of its sizes is larger. */
    public boolean fitsInto(EncoderSize other) {
        return rows <= other.rows && rowLength <= other.rowLength && tokens <= other.tokens && needed <= other.needed;
    }
}
