package io.nuner.engine.trt.execution;

import io.nuner.engine.trt.profile.Profile;
import io.nuner.engine.trt.profile.ProfileSet;
import java.util.function.ToLongFunction;

/**
 * Bytes of a slot's buffers: enough for every batch of every profile, so that no run allocates and no address ever changes.
 *
 * @param inputs the whole-number tensors of one batch
 * @param hiddenStates what passes from encoder to head
 * @param logits the scores of one batch
 */
record BufferSizes(long inputs, long hiddenStates, long logits) {
    /** Tensors in device memory start at multiples of this, as CUDA's own allocations do. */
    static final int ALIGNMENT_BYTES = 256;

    static BufferSizes of(ProfileSet profiles, ModelSizes model) {
        int labels = profiles.limits().maxLabels();
        return new BufferSizes(
                largest(profiles, profile -> inputs(profile, labels)),
                largest(profiles, profile -> floats((long) profile.maxTokens() * model.hiddenSize())),
                largest(profiles, profile -> floats((long) profile.maxTokens() * model.maxWidth() * labels)));
    }

    private static long largest(ProfileSet profiles, ToLongFunction<Profile> bytes) {
        return profiles.all().stream().mapToLong(bytes).max().orElseThrow();
    }

    private static long inputs(Profile profile, int labels) {
        long places = Math.multiplyFull(profile.maxRows(), profile.rowLength());
        long encoder = 3 * ints(profile.maxTokens()) + ints(places) + ints(profile.maxRows());
        long head = 3 * ints(profile.maxTokens())
                + ints(places)
                + ints(profile.maxRows())
                + ints(Math.multiplyFull(profile.maxRows(), labels));
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
