package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchLayout;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.profile.Profile;
import io.nuner.engine.trt.profile.ProfileSet;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one batch at a time runs in on a GPU: a stream, buffers, contexts and captured encoders. One thread at a time.
 *
 * <p>Never closed once it is open, since contexts cannot be freed: the engine hands it to the next lane.
 */
final class Slot {
    private final GpuPlans plans;
    private final EncoderTurn turn;
    private final ModelSizes model;
    private final SlotMemory memory;
    private final DeviceStream stream;
    private final DeviceEvent encoderDone;
    private final DeviceEvent done;
    private final List<EncoderRunner> encoders = new ArrayList<>();
    private final List<HeadRunner> heads = new ArrayList<>();

    /**
     * Allocates everything that runs will need, or nothing.
     *
     * @param turn shared by all slots of this GPU
     */
    Slot(GpuPlans plans, EncoderTurn turn, Frame frame) throws DeviceException {
        this.plans = plans;
        this.turn = turn;
        model = frame.model();
        plans.device().makeCurrent();
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            memory = new SlotMemory(plans, BufferSizes.of(frame.profiles(), model));
            owned.push(memory);
            stream = plans.device().newStream();
            owned.push(stream);
            encoderDone = plans.device().newEvent();
            owned.push(encoderDone);
            done = plans.device().newEvent();
        } catch (DeviceException e) {
            Closing.all(owned);
            throw e;
        }
        List<Profile> profiles = frame.profiles().all();
        for (int number = 0; number < profiles.size(); number++) {
            encoders.add(new EncoderRunner(profiles.get(number), number, frame.capture(), memory));
            heads.add(new HeadRunner(number, model, memory));
        }
    }

    /**
     * Runs a batch and waits for its scores.
     *
     * @return the scores in their shape, valid until the next run
     */
    FloatBuffer run(BatchLayout batch, Route route) throws DeviceException {
        EncoderRunner encoder = encoders.get(route.encoder());
        InputPlacement inputs = new InputPlacement(batch.filledUp(encoder.sizeOf(batch.encoderSize())));
        plans.device().makeCurrent();
        try {
            FloatBuffer scores = run(inputs, encoder, heads.get(route.head()));
            encoder.captureWhatIsDue(stream);
            return scores;
        } catch (DeviceException e) {
            settle(e);
            throw e;
        }
    }

    private FloatBuffer run(InputPlacement inputs, EncoderRunner encoder, HeadRunner head) throws DeviceException {
        int scores = scores(inputs.layout());
        inputs.write(memory.hostInputs().buffer());
        stream.copyToDevice(memory.hostInputs(), memory.inputs(), inputs.bytes());
        turn.take(stream, encoderDone, encoder.prepare(stream, inputs));
        head.enqueue(stream, inputs);
        stream.copyToHost(memory.logits(), memory.hostLogits(), (long) scores * Float.BYTES);
        stream.record(done);
        done.await();
        return memory.hostLogits().buffer().asFloatBuffer().limit(scores);
    }

    private int scores(BatchLayout layout) {
        long scores = 1;
        for (long size : layout.logitsShape(model.maxWidth())) {
            scores = Math.multiplyExact(scores, size);
        }
        return Math.toIntExact(scores);
    }

    /** Waits for what was added before a failure, so that the next run does not write into buffers that are still read. */
    private void settle(DeviceException failure) {
        if (failure.isSticky()) {
            return;
        }
        try {
            stream.record(done);
            done.await();
        } catch (DeviceException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * What all slots of an engine have in common.
     *
     * @param profiles the profiles of both plans
     * @param model sizes of the model
     * @param capture which encoders are captured
     */
    record Frame(ProfileSet profiles, ModelSizes model, CaptureSizes capture) {}
}
