package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchTensor;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.PinnedMemory;
import io.nuner.engine.trt.device.PlanContext;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The buffers of one slot and the contexts that work in them. One thread at a time; owns the memory until closed.
 *
 * <p>Encoder and head of a slot never run at the same time, so all contexts share one scratch.
 */
final class SlotMemory implements AutoCloseable {
    private final GpuPlans plans;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final PinnedMemory hostInputs;
    private final PinnedMemory hostLogits;
    private final DeviceMemory inputs;
    private final DeviceMemory hiddenStates;
    private final DeviceMemory logits;
    private final DeviceMemory scratch;

    /** Allocates everything, or nothing. */
    SlotMemory(GpuPlans plans, BufferSizes sizes) throws DeviceException {
        this.plans = plans;
        Device device = plans.device();
        try {
            hostInputs = keep(device.allocatePinned(sizes.inputs()));
            hostLogits = keep(device.allocatePinned(sizes.logits()));
            inputs = keep(device.allocate(sizes.inputs()));
            hiddenStates = keep(device.allocate(sizes.hiddenStates()));
            logits = keep(device.allocate(sizes.logits()));
            scratch = keep(device.allocate(plans.scratchBytes()));
        } catch (DeviceException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        owned.push(resource);
        return resource;
    }

    PinnedMemory hostInputs() {
        return hostInputs;
    }

    PinnedMemory hostLogits() {
        return hostLogits;
    }

    DeviceMemory inputs() {
        return inputs;
    }

    DeviceMemory hiddenStates() {
        return hiddenStates;
    }

    DeviceMemory logits() {
        return logits;
    }

    /** Whether the encoder's plan has the input: a model may have no use for one. */
    boolean encoderReads(BatchTensor tensor) {
        return plans.encoder().inputs().contains(tensor.graphName());
    }

    /** Whether the head's plan has the input: a model may have no use for one. */
    boolean headReads(BatchTensor tensor) {
        return plans.head().inputs().contains(tensor.graphName());
    }

    /**
     * Held while a context is made or an encoder is captured on this GPU: making one may wait for the whole device, which breaks
     * a capture in whatever thread (NVIDIA/TensorRT #2888).
     */
    Object setUp() {
        return plans.device();
    }

    PlanContext newEncoderContext(int profile) throws DeviceException {
        synchronized (setUp()) {
            return plans.encoder().newContext(profile, scratch);
        }
    }

    PlanContext newHeadContext(int profile) throws DeviceException {
        synchronized (setUp()) {
            return plans.head().newContext(profile, scratch);
        }
    }

    @Override
    public void close() {
        Closing.all(owned);
    }
}
