package io.nuner.engine.trt;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.trt.binding.GpuReport;
import io.nuner.engine.trt.binding.Gpus;

/** The TensorRT engine's place in {@code --engine}. Any thread. */
public final class TensorRtEngineProvider implements EngineProvider {
    private final Gpus gpus;

    /** For the GPUs of this machine. */
    public TensorRtEngineProvider() {
        this(Gpus.ofThisMachine());
    }

    TensorRtEngineProvider(Gpus gpus) {
        this.gpus = gpus;
    }

    @Override
    public String name() {
        return "tensorrt";
    }

    /** Above every CPU engine. */
    @Override
    public int preference() {
        return 100;
    }

    /** Takes milliseconds where there is no driver; else a process of its own tries the GPU, once, which takes seconds. */
    @Override
    public Availability availability() {
        GpuReport report = gpus.report();
        return new Availability(report.isUsable(), report.sentence());
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        gpus.deviceLayer();
        String reason = "this build cannot run models on TensorRT yet";
        throw EngineException.cannotOpen(reason, new UnsupportedOperationException(reason));
    }
}
