package io.nuner.engine.trt;

import io.nuner.engine.EngineException;
import io.nuner.engine.EngineProvider;
import io.nuner.engine.EngineSettings;
import io.nuner.engine.InferenceEngine;
import io.nuner.engine.ModelGraphs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.tensorrt.global.nvinfer;

/**
 * The TensorRT engine's place in {@code --engine}: never usable yet, and says why. Any thread.
 *
 * <p>Loads no native library: the binding's version numbers are compile-time constants.
 */
public final class TensorRtEngineProvider implements EngineProvider {
    private static final String BINDING =
            nvinfer.NV_TENSORRT_MAJOR + "." + nvinfer.NV_TENSORRT_MINOR + "." + nvinfer.NV_TENSORRT_PATCH;

    private final List<Path> driverDirectories;

    /** Searches the driver where {@code LD_LIBRARY_PATH} and the system have it. */
    public TensorRtEngineProvider() {
        this(CudaDriver.directories(System.getenv().getOrDefault("LD_LIBRARY_PATH", "")));
    }

    TensorRtEngineProvider(List<Path> driverDirectories) {
        this.driverDirectories = List.copyOf(driverDirectories);
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

    @Override
    public Availability availability() {
        return new Availability(false, reason());
    }

    @Override
    public InferenceEngine open(ModelGraphs graphs, EngineSettings settings) throws EngineException {
        String reason = reason();
        throw EngineException.cannotOpen(reason, new UnsupportedOperationException(reason));
    }

    private String reason() {
        Optional<Path> driver = CudaDriver.find(driverDirectories);
        String seen = driver.map(path -> "an NVIDIA driver was found at " + path)
                .orElse("no NVIDIA driver (libcuda.so.1) was found");
        return "this build cannot run models on TensorRT " + BINDING + " yet; " + seen;
    }
}
