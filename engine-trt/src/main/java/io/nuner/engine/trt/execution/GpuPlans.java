package io.nuner.engine.trt.execution;

import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.LoadedPlan;

/**
 * A GPU with both graphs loaded. Any thread.
 *
 * @param device the GPU
 * @param encoder token ids to hidden states, in every profile
 * @param head hidden states to logits, in every profile
 */
public record GpuPlans(Device device, LoadedPlan encoder, LoadedPlan head) {
    /** Scratch memory that runs either. */
    long scratchBytes() {
        return Math.max(1, Math.max(encoder.scratchBytes(), head.scratchBytes()));
    }
}
