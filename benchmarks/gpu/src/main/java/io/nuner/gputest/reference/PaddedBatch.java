package io.nuner.gputest.reference;

import io.nuner.engine.PackedBatch;
import io.nuner.engine.TokenRow;
import java.nio.IntBuffer;
import java.util.Arrays;

/** Rows filled up to one length, as the reference runs them. Immutable. */
public final class PaddedBatch {
    private final int rows;
    private final int length;
    private final int tokens;
    private final int[] ids;
    private final int[] mask;

    private PaddedBatch(int length, int[] ids, int[] mask) {
        this.length = length;
        this.ids = ids;
        this.mask = mask;
        rows = ids.length / length;
        tokens = Arrays.stream(mask).sum();
    }

    /**
     * Copies the rows.
     *
     * @param length places of each row
     * @throws IllegalArgumentException if a row has more tokens
     */
    public static PaddedBatch of(PackedBatch batch, int length) {
        if (batch.longestRow() > length) {
            throw new IllegalArgumentException(
                    "length must be at least " + batch.longestRow() + ", the longest row, but was " + length);
        }
        int[] ids = new int[Math.multiplyExact(batch.rowCount(), length)];
        int[] mask = new int[ids.length];
        for (int row = 0; row < batch.rowCount(); row++) {
            TokenRow filled = batch.rows().get(row);
            filled.copyTokenIds(ids, row * length);
            Arrays.fill(mask, row * length, row * length + filled.tokenCount(), 1);
        }
        return new PaddedBatch(length, ids, mask);
    }

    /** The first row alone. */
    public PaddedBatch onlyFirstRow() {
        return new PaddedBatch(length, Arrays.copyOf(ids, length), Arrays.copyOf(mask, length));
    }

    /** Rows, called B in shapes. */
    public int rows() {
        return rows;
    }

    /** Places of each row, called S in shapes. */
    public int length() {
        return length;
    }

    /** Places that hold a token. */
    public int tokens() {
        return tokens;
    }

    /** All places. */
    int places() {
        return ids.length;
    }

    /** Puts the ids, 0 for padding. */
    void putIds(IntBuffer target) {
        target.put(ids);
    }

    /** Puts 1 for each token and 0 for each padded place. */
    void putMask(IntBuffer target) {
        target.put(mask);
    }
}
