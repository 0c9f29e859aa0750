package io.nuner.gputest.stage;

import io.nuner.engine.EngineCells;
import io.nuner.engine.PackedBatch;
import io.nuner.gputest.reference.PaddedBatch;
import java.util.List;

/**
 * Padded batches that run again and again. Immutable.
 *
 * @param length of each row; 0 if they differ
 */
record ReferenceLoad(int length, List<PaddedBatch> batches) {
    ReferenceLoad {
        batches = List.copyOf(batches);
    }

    static ReferenceLoad ofOneLength(int length, List<PackedBatch> batches) {
        return new ReferenceLoad(
                length,
                batches.stream().map(batch -> PaddedBatch.of(batch, length)).toList());
    }

    /** Rows filled up to the longest of their batch, or to the next length that the cells list. */
    static ReferenceLoad mixed(List<PackedBatch> batches, EngineCells cells) {
        return new ReferenceLoad(
                0,
                batches.stream()
                        .map(batch -> PaddedBatch.of(batch, cells.paddedLength(batch.longestRow())))
                        .toList());
    }

    /** Its name in the results. */
    String name() {
        return length == 0 ? "mixed lengths" : "S=" + length;
    }

    /** The name of the same load in S5, with all lanes. */
    String nameOfOurs(int lanes) {
        return length == 0 ? Figures.mixed(lanes) : Figures.throughput(length, lanes);
    }
}
