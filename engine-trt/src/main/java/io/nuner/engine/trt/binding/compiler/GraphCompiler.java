package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.binding.CudaStatus;
import io.nuner.engine.trt.binding.NativePointers;
import io.nuner.engine.trt.binding.TensorRtLog;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvinfer.LayerInformationFormat;
import org.bytedeco.tensorrt.global.nvinfer.MemoryPoolType;
import org.bytedeco.tensorrt.global.nvinfer.OptProfileSelector;
import org.bytedeco.tensorrt.global.nvinfer.ProfilingVerbosity;
import org.bytedeco.tensorrt.global.nvonnxparser;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;
import org.bytedeco.tensorrt.nvinfer.ILogger.Severity;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IOptimizationProfile;
import org.bytedeco.tensorrt.nvinfer.ITimingCache;
import org.bytedeco.tensorrt.nvonnxparser.IParser;
import org.jspecify.annotations.Nullable;

/**
 * TensorRT's builder at work on one graph, in a process that ends afterwards: the binding can free none of what is made here. One
 * thread.
 */
final class GraphCompiler {
    /** From TensorRT 11 on every network is strongly typed: each tensor has the type that the graph gives it. */
    private static final int STRONGLY_TYPED = 0;

    /** Java's buffers are shorter than 2 GiB; a plan may be longer. */
    private static final long CHUNK_BYTES = 1L << 30;

    /** What a server maps into memory at once when it loads a plan. */
    private static final long MOST_PLAN_BYTES = Integer.MAX_VALUE;

    /** TensorRT's default: every profile may have weights of its own, in the order that its kernels like. */
    private static final float OWN_WEIGHTS = 1;

    private static final float SHARED_WEIGHTS = 0;

    private final CompileJob job;
    private final Consumer<String> stage;
    private final TensorRtLog log = TensorRtLog.instance();

    GraphCompiler(CompileJob job, Consumer<String> stage) {
        this.job = job;
        this.stage = stage;
    }

    /**
     * Writes the plan.
     *
     * @throws IOException saying what TensorRT refused, or which file cannot be written
     */
    void compile() throws IOException {
        PlanCompiler.Request request = job.request();
        require(cudart.cudaSetDevice(request.device()) == CudaStatus.SUCCESS, "there is no GPU " + request.device());
        // An installed TensorRT finds its kernels by itself; those of a jar lie beside its library.
        nvinfer.setInternalLibraryPath(
                String.valueOf(job.libraries().nvinfer().toAbsolutePath().getParent()));
        IBuilder builder = made(nvinfer.createInferBuilder(log), "createInferBuilder");
        stage.accept("reading the graph");
        INetworkDefinition network = read(builder);
        stage.accept("building a plan of " + network.getNbLayers() + " layers for "
                + request.profiles().size() + " profiles");
        IHostMemory plan = build(builder, network, OWN_WEIGHTS);
        if (plan.size() > MOST_PLAN_BYTES) {
            stage.accept(
                    "building anew with weights that profiles share, since the plan has " + plan.size() + " bytes");
            plan = build(builder, network, SHARED_WEIGHTS);
        }
        require(
                plan.size() <= MOST_PLAN_BYTES,
                "the plan has " + plan.size() + " bytes, and at most " + MOST_PLAN_BYTES
                        + " can be loaded; fewer row lengths make it smaller");
        stage.accept("writing " + plan.size() + " bytes");
        if (job.writeLayers()) {
            writeLayers(plan);
        }
        AtomicFile.write(request.plan(), buffers(plan));
    }

    private IHostMemory build(IBuilder builder, INetworkDefinition network, float extraMemory) throws IOException {
        IBuilderConfig config = configure(builder, extraMemory);
        IHostMemory plan = made(builder.buildSerializedNetwork(network, config), "buildSerializedNetwork");
        storeTimings(config);
        return plan;
    }

    private INetworkDefinition read(IBuilder builder) throws IOException {
        INetworkDefinition network = made(builder.createNetworkV2(STRONGLY_TYPED), "createNetworkV2");
        IParser parser = made(nvonnxparser.createParser(network, log), "createParser");
        // From the file, so that weights beside it are found.
        if (!parser.parseFromFile(job.request().graph().toString(), Severity.kWARNING.value)) {
            throw new IOException("the ONNX parser refuses it: " + reasons(parser));
        }
        return network;
    }

    private static String reasons(IParser parser) {
        List<String> reasons = new ArrayList<>();
        for (int index = 0; index < parser.getNbErrors(); index++) {
            var error = parser.getError(index);
            reasons.add(error.desc() + " (node " + error.nodeName() + ")");
        }
        return String.join("; ", reasons);
    }

    private IBuilderConfig configure(IBuilder builder, float extraMemory) throws IOException {
        IBuilderConfig config = made(builder.createBuilderConfig(), "createBuilderConfig");
        config.setBuilderOptimizationLevel(job.request().optimizationLevel());
        config.setProfilingVerbosity(ProfilingVerbosity.kDETAILED);
        if (job.workspaceBytes() > 0) {
            config.setMemoryPoolLimit(MemoryPoolType.kWORKSPACE, job.workspaceBytes());
        }
        for (List<ShapeRange> inputs : job.request().profiles()) {
            require(
                    config.addOptimizationProfile(profile(builder, inputs, extraMemory)) >= 0,
                    "a profile does not fit the graph");
        }
        loadTimings(config);
        return config;
    }

    private IOptimizationProfile profile(IBuilder builder, List<ShapeRange> inputs, float extraMemory)
            throws IOException {
        IOptimizationProfile profile = made(builder.createOptimizationProfile(), "createOptimizationProfile");
        for (ShapeRange range : inputs) {
            setDimensions(profile, range.input(), OptProfileSelector.kMIN, range.min());
            setDimensions(profile, range.input(), OptProfileSelector.kOPT, range.opt());
            setDimensions(profile, range.input(), OptProfileSelector.kMAX, range.max());
        }
        if (extraMemory != OWN_WEIGHTS) {
            require(profile.setExtraMemoryTarget(extraMemory), "setExtraMemoryTarget");
        }
        return profile;
    }

    private void setDimensions(IOptimizationProfile profile, String input, OptProfileSelector which, List<Long> sizes)
            throws IOException {
        try (Dims64 dimensions = new Dims64()) {
            dimensions.nbDims(sizes.size());
            for (int axis = 0; axis < sizes.size(); axis++) {
                dimensions.d(axis, sizes.get(axis));
            }
            require(profile.setDimensions(input, which, dimensions), "setDimensions of " + input);
        }
    }

    /** Measurements of other versions or devices are refused by TensorRT, then it starts with none. */
    private void loadTimings(IBuilderConfig config) throws IOException {
        Path file = job.request().timingCache();
        if (Files.isRegularFile(file)) {
            byte[] stored = Files.readAllBytes(file);
            ITimingCache cache = config.createTimingCache(new BytePointer(stored), stored.length);
            if (NativePointers.isUsable(cache) && config.setTimingCache(cache, false)) {
                return;
            }
            stage.accept("the timing cache is of another version or GPU and starts anew");
        }
        ITimingCache empty = made(config.createTimingCache(new Pointer(), 0), "createTimingCache");
        require(config.setTimingCache(empty, false), "setTimingCache");
    }

    private void storeTimings(IBuilderConfig config) throws IOException {
        ITimingCache cache = config.getTimingCache();
        if (NativePointers.isUsable(cache)) {
            AtomicFile.write(job.request().timingCache(), buffers(made(cache.serialize(), "serialize of timings")));
        }
    }

    private void writeLayers(IHostMemory plan) throws IOException {
        var runtime = made(nvinfer.createInferRuntime(log), "createInferRuntime");
        var engine = made(runtime.deserializeCudaEngine(plan.data(), plan.size()), "deserializeCudaEngine");
        var inspector = made(engine.createEngineInspector(), "createEngineInspector");
        String layers = inspector.getEngineInformation(LayerInformationFormat.kJSON);
        Path file = job.request().plan().resolveSibling(job.request().plan().getFileName() + ".layers.json");
        AtomicFile.write(file, List.of(StandardCharsets.UTF_8.encode(layers)));
    }

    private static List<ByteBuffer> buffers(IHostMemory memory) {
        return NativePointers.buffers(memory.data(), memory.size(), CHUNK_BYTES);
    }

    private <T extends Pointer> T made(@Nullable T pointer, String call) throws IOException {
        if (pointer == null || !NativePointers.isUsable(pointer)) {
            throw new IOException(call + " failed: " + log.lastError());
        }
        return pointer;
    }

    private void require(boolean success, String what) throws IOException {
        if (!success) {
            String error = log.lastError();
            throw new IOException(error == null ? what : what + ": " + error);
        }
    }
}
