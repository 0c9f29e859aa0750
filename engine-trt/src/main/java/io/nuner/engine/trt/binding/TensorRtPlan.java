package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PlanContext;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorrt.global.nvinfer.ExecutionContextAllocationStrategy;
import org.bytedeco.tensorrt.global.nvinfer.ProfilingVerbosity;
import org.bytedeco.tensorrt.global.nvinfer.TensorIOMode;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.IRuntime;

/** A plan in TensorRT. Any thread, but one context at a time is made. */
final class TensorRtPlan implements LoadedPlan {
    private final DeviceCalls calls;
    private final TensorRtCalls tensorRt;
    private final ICudaEngine engine;
    private final Set<String> inputs;
    private final Set<String> outputs;
    private final int profiles;
    private final long scratchBytes;

    private TensorRtPlan(DeviceCalls calls, TensorRtCalls tensorRt, ICudaEngine engine) {
        this.calls = calls;
        this.tensorRt = tensorRt;
        this.engine = engine;
        this.inputs = names(engine, TensorIOMode.kINPUT);
        this.outputs = names(engine, TensorIOMode.kOUTPUT);
        this.profiles = engine.getNbOptimizationProfiles();
        this.scratchBytes = engine.getDeviceMemorySizeV2();
    }

    static TensorRtPlan load(DeviceCalls calls, TensorRtCalls tensorRt, IRuntime runtime, ByteBuffer plan)
            throws DeviceException {
        if (!plan.isDirect() || !plan.hasRemaining()) {
            throw DeviceException.failed("a plan must be a direct buffer with something in it");
        }
        BytePointer bytes = NativePointers.of(plan);
        ICudaEngine engine = tensorRt.make(
                "deserializeCudaEngine of " + plan.remaining() + " bytes",
                () -> runtime.deserializeCudaEngine(bytes, plan.remaining()));
        return new TensorRtPlan(calls, tensorRt, engine);
    }

    private static Set<String> names(ICudaEngine engine, TensorIOMode mode) {
        Set<String> names = new LinkedHashSet<>();
        for (int index = 0; index < engine.getNbIOTensors(); index++) {
            String name = engine.getIOTensorName(index);
            if (engine.getTensorIOMode(name).intern() == mode) {
                names.add(name);
            }
        }
        return Set.copyOf(names);
    }

    @Override
    public Set<String> inputs() {
        return inputs;
    }

    @Override
    public Set<String> outputs() {
        return outputs;
    }

    @Override
    public int profiles() {
        return profiles;
    }

    @Override
    public long scratchBytes() {
        return scratchBytes;
    }

    @Override
    public synchronized PlanContext newContext(int profile, DeviceMemory scratch) throws DeviceException {
        // Checked here, since a context that TensorRT then refuses would never be freed.
        if (profile < 0 || profile >= profiles) {
            throw DeviceException.failed("there is no profile " + profile + "; there are " + profiles + ", from 0");
        }
        if (scratch.bytes() < scratchBytes) {
            throw DeviceException.failed(
                    "a context needs " + scratchBytes + " bytes of scratch memory, not " + scratch.bytes());
        }
        IExecutionContext context = tensorRt.make(
                "createExecutionContext",
                () -> engine.createExecutionContext(ExecutionContextAllocationStrategy.kUSER_MANAGED));
        // Without this, the detailed verbosity of the build costs time in each enqueueV3.
        tensorRt.require(
                () -> "setNvtxVerbosity",
                () -> context.setNvtxVerbosity(ProfilingVerbosity.kNONE),
                CudaStream::deviceStatus);
        selectProfile(context, profile);
        if (scratchBytes > 0) {
            var start = ((CudaMemory) scratch).start();
            tensorRt.run("setDeviceMemoryV2", () -> context.setDeviceMemoryV2(start, scratch.bytes()));
        }
        return new TensorRtContext(tensorRt, context);
    }

    private void selectProfile(IExecutionContext context, int profile) throws DeviceException {
        try (CudaStream stream = CudaStream.create(calls)) {
            tensorRt.require(
                    () -> "setOptimizationProfileAsync " + profile,
                    () -> context.setOptimizationProfileAsync(profile, stream.handle()),
                    CudaStream::deviceStatus);
            stream.synchronize();
        }
    }
}
