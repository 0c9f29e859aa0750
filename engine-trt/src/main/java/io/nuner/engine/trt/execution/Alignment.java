package io.nuner.engine.trt.execution;

/** Places of tensors in device memory start at multiples of 256 bytes, which is what CUDA's own allocations are aligned to. */
final class Alignment {
    static final int BYTES = 256;

    private Alignment() {}

    /** The next place at or behind an offset. */
    static long up(long offset) {
        return (offset + BYTES - 1) / BYTES * BYTES;
    }
}
