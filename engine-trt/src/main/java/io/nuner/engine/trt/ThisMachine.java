package io.nuner.engine.trt;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.binding.compiler.CompilerProcess;
import io.nuner.engine.trt.binding.probe.GpuReport;
import io.nuner.engine.trt.binding.probe.Gpus;
import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.device.PlanCompiler;
import java.time.Duration;
import java.util.Optional;

/** The machine that this process runs on. Any thread. */
record ThisMachine(Gpus gpus) implements GpuMachine {
    /** A system property: true writes the layers and kernels of each new plan as JSON beside it. */
    private static final String WRITE_LAYERS = "nuner.trt.layers";

    @Override
    public Report report() {
        GpuReport report = gpus.report();
        return new Report(report.isUsable(), report.sentence(), report.devices());
    }

    @Override
    public DeviceLayer deviceLayer() throws EngineException {
        return gpus.deviceLayer();
    }

    @Override
    public PlanCompiler compiler() throws EngineException {
        Optional<Duration> noLimit = Optional.empty();
        return gpus.compiler(new CompilerProcess.Settings(0, Boolean.getBoolean(WRITE_LAYERS), noLimit));
    }

    @Override
    public String builderResources() throws EngineException {
        return gpus.builderResources();
    }
}
