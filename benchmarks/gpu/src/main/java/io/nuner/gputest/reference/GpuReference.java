package io.nuner.gputest.reference;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PinnedMemory;
import io.nuner.engine.trt.execution.DeviceFailures;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference's encoder in TensorRT. One thread at a time.
 *
 * <p>Two batches are begun at a time, so that the GPU never waits for the CPU. Hidden states stay on the GPU: there is no head to read
 * them.
 */
public final class GpuReference implements ReferenceRun {
    private static final int SLOTS = 2;

    private final Device device;
    private final ReferencePlan plan;
    private final GpuSlot.Shared shared;
    private final List<GpuSlot> slots = new ArrayList<>();
    private int next;

    private GpuReference(Device device, ReferencePlan plan, GpuSlot.Shared shared) {
        this.device = device;
        this.plan = plan;
        this.shared = shared;
    }

    /** Loads the plan on a GPU. What was allocated stays if this fails: the process is meant to end then. */
    public static GpuReference open(Device device, ReferencePlan plan) throws EngineException {
        try {
            device.makeCurrent();
            LoadedPlan loaded = plan.loadOn(device);
            DeviceStream stream = device.newStream();
            long hiddenBytes = (long) plan.shapes().mostPlaces() * plan.hiddenSize() * Float.BYTES;
            GpuReference reference = new GpuReference(
                    device,
                    plan,
                    new GpuSlot.Shared(
                            stream, device.allocate(Math.max(1, loaded.scratchBytes())), device.allocate(hiddenBytes)));
            for (int slot = 0; slot < SLOTS; slot++) {
                reference.slots.add(new GpuSlot(device, loaded, plan.shapes().mostPlaces(), reference.shared));
            }
            return reference;
        } catch (DeviceException e) {
            throw DeviceFailures.whileOpening("the plan " + plan.file(), e);
        }
    }

    @Override
    public void submit(PaddedBatch batch) throws EngineException {
        run(() -> nextSlot().enqueue(batch, profile(batch)));
    }

    /** Captures the run of a batch, for {@link #replay}. */
    public void capture(PaddedBatch batch) throws EngineException {
        run(() -> {
            for (GpuSlot slot : slots) {
                slot.capture(batch, profile(batch));
            }
        });
    }

    /** As {@link #submit} of the batch that was captured, by one call. */
    public void replay() throws EngineException {
        run(() -> nextSlot().replay());
    }

    @Override
    public void finish() throws EngineException {
        run(() -> {
            for (GpuSlot slot : slots) {
                slot.await();
            }
        });
    }

    @Override
    public float[] firstRow(PaddedBatch batch) throws EngineException {
        float[] states = new float[batch.length() * plan.hiddenSize()];
        submit(batch);
        run(() -> copyStates(states));
        return states;
    }

    private void copyStates(float[] target) throws DeviceException {
        long bytes = (long) target.length * Float.BYTES;
        try (PinnedMemory host = device.allocatePinned(bytes);
                var done = device.newEvent()) {
            shared.stream().copyToHost(shared.hiddenStates(), host, bytes);
            shared.stream().record(done);
            done.await();
            FloatBuffer copied = host.buffer().asFloatBuffer();
            copied.get(target);
        }
    }

    private GpuSlot nextSlot() {
        GpuSlot slot = slots.get(next);
        next = (next + 1) % slots.size();
        return slot;
    }

    private int profile(PaddedBatch batch) throws DeviceException {
        int profile = plan.shapes().lengths().indexOf(batch.length());
        if (profile < 0) {
            throw DeviceException.failed("there is no profile of " + batch.length() + " places");
        }
        return profile;
    }

    private static void run(Work work) throws EngineException {
        try {
            work.run();
        } catch (DeviceException e) {
            throw EngineException.batchFailed("the reference failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        slots.forEach(GpuSlot::close);
        shared.close();
    }

    /** Something that a GPU does. */
    @FunctionalInterface
    private interface Work {
        void run() throws DeviceException;
    }
}
