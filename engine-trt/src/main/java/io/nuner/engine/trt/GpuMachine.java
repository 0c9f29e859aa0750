package io.nuner.engine.trt;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.device.PlanCompiler;
import java.util.List;

/** What a machine must have for models to run on its GPUs. Any thread. */
interface GpuMachine {
    /** Whether models can run here, and one sentence that says why or why not. */
    Report report();

    /** CUDA and TensorRT in this process. */
    DeviceLayer deviceLayer() throws EngineException;

    /** What compiles graphs for its GPUs. */
    PlanCompiler compiler() throws EngineException;

    /** Which kernels the compiler can choose from, e.g. {@code ptx sm90}: fewer make a slower plan. */
    String builderResources() throws EngineException;

    /**
     * What is known of the machine.
     *
     * @param usable true if models can run here
     * @param sentence for the operator
     * @param devices the GPUs; none if it is not usable
     */
    record Report(boolean usable, String sentence, List<DeviceInfo> devices) {
        public Report {
            devices = List.copyOf(devices);
        }
    }
}
