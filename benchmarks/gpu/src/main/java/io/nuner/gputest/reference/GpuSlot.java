package io.nuner.gputest.reference;

import io.nuner.engine.GraphNames;
import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PinnedMemory;
import io.nuner.engine.trt.device.PlanContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one batch of the reference runs in: inputs, contexts, and a captured run. One thread at a time. */
final class GpuSlot implements AutoCloseable {
    private static final int ALIGNMENT = 256;

    private final DeviceStream stream;
    private final DeviceMemory hiddenStates;
    private final long maskOffset;
    private final PinnedMemory hostInputs;
    private final DeviceMemory inputs;
    private final DeviceEvent done;
    /** One for each profile: contexts are never freed, and change their profile slowly. */
    private final List<PlanContext> contexts = new ArrayList<>();

    private @Nullable CapturedGraph graph;
    private long copiedBytes;

    /**
     * A slot.
     *
     * @param shared stream and memory that all slots use, one after the other
     */
    GpuSlot(Device device, LoadedPlan plan, int mostPlaces, Shared shared) throws DeviceException {
        stream = shared.stream;
        hiddenStates = shared.hiddenStates;
        long bytes = (long) mostPlaces * Integer.BYTES;
        maskOffset = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        hostInputs = device.allocatePinned(maskOffset + bytes);
        inputs = device.allocate(maskOffset + bytes);
        done = device.newEvent();
        for (int profile = 0; profile < plan.profiles(); profile++) {
            contexts.add(plan.newContext(profile, shared.scratch));
        }
    }

    /** Waits for the last run, then adds a run of this batch. */
    void enqueue(PaddedBatch batch, int profile) throws DeviceException {
        await();
        write(batch);
        stream.copyToDevice(hostInputs, inputs, copiedBytes);
        PlanContext context = contexts.get(profile);
        context.shape(ReferenceGraph.INPUT_IDS, batch.rows(), batch.length());
        context.shape(ReferenceGraph.ATTENTION_MASK, batch.rows(), batch.length());
        context.address(ReferenceGraph.INPUT_IDS, inputs, 0);
        context.address(ReferenceGraph.ATTENTION_MASK, inputs, maskOffset);
        context.address(GraphNames.HIDDEN_STATES, hiddenStates, 0);
        context.enqueue(stream);
        stream.record(done);
    }

    private void write(PaddedBatch batch) {
        ByteBuffer target = hostInputs.buffer();
        int bytes = batch.places() * Integer.BYTES;
        batch.putIds(target.slice(0, bytes).order(target.order()).asIntBuffer());
        batch.putMask(
                target.slice((int) maskOffset, bytes).order(target.order()).asIntBuffer());
        copiedBytes = maskOffset + bytes;
    }

    /** Captures the run of a batch that ran here just now. */
    void capture(PaddedBatch batch, int profile) throws DeviceException {
        enqueue(batch, profile);
        await();
        forget();
        stream.beginCapture();
        DeviceException failure = null;
        try {
            contexts.get(profile).enqueue(stream);
        } catch (DeviceException e) {
            failure = e;
        }
        graph = stream.endCapture();
        if (failure != null) {
            forget();
            throw failure;
        }
    }

    /** Waits for the last run, then adds the captured one. */
    void replay() throws DeviceException {
        CapturedGraph captured = graph;
        if (captured == null) {
            throw DeviceException.failed("nothing is captured");
        }
        await();
        stream.copyToDevice(hostInputs, inputs, copiedBytes);
        stream.launch(captured);
        stream.record(done);
    }

    /** Waits for the last run. */
    void await() throws DeviceException {
        done.await();
    }

    private void forget() {
        CapturedGraph captured = graph;
        if (captured != null) {
            captured.close();
        }
        graph = null;
    }

    @Override
    public void close() {
        forget();
        done.close();
        inputs.close();
        hostInputs.close();
    }

    /** What slots share, since one stream runs them one after the other. */
    record Shared(DeviceStream stream, DeviceMemory scratch, DeviceMemory hiddenStates) implements AutoCloseable {
        @Override
        public void close() {
            stream.close();
            scratch.close();
            hiddenStates.close();
        }
    }
}
