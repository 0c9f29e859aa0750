package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchTensor;
import io.nuner.engine.GraphNames;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PlanContext;
import org.jspecify.annotations.Nullable;

/** Runs the head of one slot in one profile; never captured, since its LSTM is a loop. One thread at a time. */
final class HeadRunner {
    private final int profile;
    private final ModelSizes model;
    private final SlotMemory memory;
    private @Nullable PlanContext context;

    HeadRunner(int profile, ModelSizes model, SlotMemory memory) {
        this.profile = profile;
        this.model = model;
        this.memory = memory;
    }

    /** Adds a run to the stream, behind the encoder's. */
    void enqueue(DeviceStream stream, InputPlacement inputs) throws DeviceException {
        PlanContext head = context == null ? memory.newHeadContext(profile) : context;
        context = head;
        for (BatchTensor tensor : BatchTensor.values()) {
            if (memory.headReads(tensor)) {
                head.shape(tensor.graphName(), inputs.layout().shape(tensor));
                head.address(tensor.graphName(), memory.inputs(), inputs.offset(tensor));
            }
        }
        head.shape(GraphNames.HIDDEN_STATES, inputs.layout().neededTokens(), model.hiddenSize());
        head.address(GraphNames.HIDDEN_STATES, memory.hiddenStates(), 0);
        head.address(GraphNames.LOGITS, memory.logits(), 0);
        head.enqueue(stream);
    }
}
