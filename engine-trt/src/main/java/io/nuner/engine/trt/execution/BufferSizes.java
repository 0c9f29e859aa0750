package io.nuner.engine.trt.execution;

import io.nuner.engine.trt.profile.Cell;
import io.nuner.engine.trt.profile.CellSet;
import java.util.function.ToLongFunction;

/**
 * Bytes of a slot's buffers: enough for every batch of every cell, so that no run allocates and no address ever changes.
 *
 * @param inputs the whole-number tensors of one batch
 * @param hiddenStates what passes from encoder to head
 * @param logits the scores of one batch
 */
record BufferSizes(long inputs, long hiddenStates, long logits) {
    /** Tensors in device memory start at multiples of this, as CUDA's own allocations do. */
    static final int ALIGNMENT_BYTES = 256;

    static BufferSizes of(CellSet cells, ModelShape model) {
        int labels = cells.limits().maxLabels();
        return new BufferSizes(
                largest(cells, cell -> inputs(cell, labels)),
                largest(cells, cell -> floats((long) cell.maxTokens() * model.hiddenSize())),
                largest(cells, cell -> floats((long) cell.maxTokens() * model.maxWidth() * labels)));
    }

    private static long largest(CellSet cells, ToLongFunction<Cell> bytes) {
        return cells.cells().stream().mapToLong(bytes).max().orElseThrow();
    }

    private static long inputs(Cell cell, int labels) {
        long places = Math.multiplyFull(cell.maxRows(), cell.rowLength());
        long encoder = 3 * ints(cell.maxTokens()) + ints(places) + ints(cell.maxRows());
        long head = 3 * ints(cell.maxTokens())
                + ints(places)
                + ints(cell.maxRows())
                + ints(Math.multiplyFull(cell.maxRows(), labels));
        return encoder + head;
    }

    private static long ints(long count) {
        return aligned(count * Integer.BYTES);
    }

    private static long floats(long count) {
        return aligned(count * Float.BYTES);
    }

    /** The next place for a tensor at or behind an offset. */
    static long aligned(long offset) {
        return (offset + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    /** Memory of the GPU in all. */
    long deviceBytes() {
        return inputs + hiddenStates + logits;
    }
}
