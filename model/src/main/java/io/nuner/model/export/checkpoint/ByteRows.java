package io.nuner.model.export.checkpoint;

import java.nio.ByteBuffer;

/** A matrix that the checkpoint keeps as bytes with a factor for each row: both as they are stored. Any thread. */
public final class ByteRows {
    private final ByteBuffer bytes;
    private final ScaledRows rows;

    ByteRows(ByteBuffer bytes, ScaledRows rows) {
        this.bytes = bytes;
        this.rows = rows;
    }

    /** Copies {@code count} bytes from index {@code from} on to the start of {@code target}. */
    public void read(int from, byte[] target, int count) {
        bytes.get(from, target, 0, count);
    }

    /** What a byte of that row is multiplied with. */
    public float factor(int row) {
        return rows.factor(row);
    }
}
