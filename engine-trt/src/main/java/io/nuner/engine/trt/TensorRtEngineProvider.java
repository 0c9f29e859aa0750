package io.nuner.engine.trt;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.engine.natives.NativePlatform;
import io.nuner.engine.trt.binding.probe.Gpus;
import io.nuner.engine.trt.library.LibraryFinder;
import java.util.List;

/** Opens models on NVIDIA GPUs, with TensorRT. Any thread. */
public final class TensorRtEngineProvider implements EngineProvider {
    static final String NAME = "tensorrt";

    /** The head of one lane runs beside the encoder of the other. */
    private static final int LANES_PER_GPU = 2;

    /** Tokens that keep a large GPU busy (docs/adr/0017); the rows are those tokens in short texts. */
    private static final int BATCH_TOKENS = 16_384;

    private static final int BATCH_ROWS = 256;

    private static final NativePlatform SUPPORTED = new NativePlatform("linux", "x86_64");

    private final GpuMachine machine;

    /** For the GPUs of this machine. */
    public TensorRtEngineProvider() {
        this(Gpus.ofThisMachine());
    }

    TensorRtEngineProvider(Gpus gpus) {
        this(new ThisMachine(gpus));
    }

    TensorRtEngineProvider(GpuMachine machine) {
        this.machine = machine;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Above every CPU engine. */
    @Override
    public int preference() {
        return 100;
    }

    /** Takes milliseconds where there is no driver; else a process of its own tries the GPU, once, which takes seconds. */
    @Override
    public Availability availability() {
        GpuMachine.Report report = machine.report();
        return new Availability(report.usable(), report.sentence());
    }

    @Override
    public EngineProvider.Defaults defaults() {
        int gpus = Math.max(1, machine.report().devices().size());
        return new EngineProvider.Defaults(LANES_PER_GPU * gpus, BATCH_ROWS, BATCH_TOKENS);
    }

    /** The binding's own; NVIDIA's come from the machine. */
    @Override
    public List<LibraryBundle> libraries() throws NativeLibraryException {
        return NativePlatform.current().equals(SUPPORTED) ? List.of(LibraryFinder.bindingBundle()) : List.of();
    }

    /** Compiles the model first if it has not been compiled for these GPUs and settings; that takes minutes. */
    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        return EngineOpening.open(machine, graphs, settings);
    }
}
