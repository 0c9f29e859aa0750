package io.nuner.engine.trt.execution;

import io.nuner.engine.EngineCells;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.engine.EngineLane;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.OpenLanes;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.profile.ProfileSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A model on one or several GPUs. Any thread; owns the slots.
 *
 * <p>Lanes are spread over the GPUs in turn. A lane that hangs is not replaced: whatever holds up its stream holds up the
 * GPU, so the process has to go.
 */
public final class TensorRtEngine implements InferenceEngine {
    private final Slot.Frame frame;
    private final OpenLanes openLanes;
    private final Object lock = new Object();

    /** Guarded by {@code lock}. */
    private final List<Gpu> gpus;

    private volatile EngineDescription description;

    private TensorRtEngine(List<Gpu> gpus, Slot.Frame frame, EngineDescription description) {
        this.gpus = gpus;
        this.frame = frame;
        this.description = description;
        openLanes = new OpenLanes(description.lanes());
    }

    /**
     * An engine without lanes yet.
     *
     * @param plans both graphs on each GPU, with these profiles
     * @param maxCapturedTokens tokens of the largest batch that runs as a captured graph; 0 captures none
     */
    public static TensorRtEngine of(
            List<GpuPlans> plans,
            ProfileSet profiles,
            ModelSizes model,
            EngineDescription description,
            int maxCapturedTokens) {
        List<Gpu> gpus = new ArrayList<>();
        plans.forEach(gpu -> gpus.add(new Gpu(gpu)));
        return new TensorRtEngine(
                gpus, new Slot.Frame(profiles, model, new CaptureSizes(maxCapturedTokens)), description);
    }

    /** Completes the description with the lanes that the GPUs hold and the report on parity; once, before others use the engine. */
    public void prove(int lanes, ParityReport parity) {
        openLanes.limit(lanes);
        description = new EngineDescription(
                description.name(), description.version(), description.device(), lanes, Optional.of(parity));
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public EngineLimits limits() {
        return frame.profiles().limits();
    }

    @Override
    public EngineCells cells() {
        return frame.profiles().engineCells();
    }

    @Override
    public EngineLane openLane() throws EngineException {
        openLanes.take();
        try {
            return openTakenLane();
        } catch (EngineException | RuntimeException | Error e) {
            openLanes.giveBack();
            throw e;
        }
    }

    private EngineLane openTakenLane() throws EngineException {
        synchronized (lock) {
            Gpu gpu = leastBusy();
            Slot slot = gpu.takeSlot(frame);
            return new TensorRtLane(slot, frame, () -> giveBack(gpu, slot));
        }
    }

    private Gpu leastBusy() {
        Gpu least = gpus.get(0);
        for (Gpu gpu : gpus) {
            if (gpu.lanes < least.lanes) {
                least = gpu;
            }
        }
        return least;
    }

    private void giveBack(Gpu gpu, Slot slot) {
        synchronized (lock) {
            gpu.lanes--;
            gpu.idle.push(slot);
        }
        openLanes.giveBack();
    }

    /** Plans and contexts stay: the binding has no way to free them, and the process ends soon after. */
    @Override
    public void close() {
        openLanes.close();
    }

    /** One GPU's slots. Guarded by the engine's lock. */
    private static final class Gpu {
        private final GpuPlans plans;
        private final EncoderTurn turn = new EncoderTurn();
        private final Deque<Slot> idle = new ArrayDeque<>();
        private int lanes;

        Gpu(GpuPlans plans) {
            this.plans = plans;
        }

        Slot takeSlot(Slot.Frame frame) throws EngineException {
            Slot slot = idle.isEmpty() ? open(frame) : idle.pop();
            lanes++;
            return slot;
        }

        private Slot open(Slot.Frame frame) throws EngineException {
            try {
                return new Slot(plans, turn, frame);
            } catch (DeviceException e) {
                long bytes = BufferSizes.of(frame.profiles(), frame.model()).deviceBytes() + plans.scratchBytes();
                throw DeviceFailures.whileOpening(
                        "a lane, which needs " + (bytes >> 20) + " MiB on "
                                + plans.device().info().name()
                                + " (smaller batches and shorter row lengths need less)",
                        e);
            }
        }
    }
}
