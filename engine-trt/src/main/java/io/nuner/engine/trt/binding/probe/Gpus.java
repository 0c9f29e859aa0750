package io.nuner.engine.trt.binding.probe;

import io.nuner.engine.EngineException;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.trt.binding.DeviceInfos;
import io.nuner.engine.trt.binding.JavaCppDeviceLayer;
import io.nuner.engine.trt.binding.NativeLibraries;
import io.nuner.engine.trt.binding.TensorRtVersion;
import io.nuner.engine.trt.binding.compiler.BuilderResources;
import io.nuner.engine.trt.binding.compiler.CompilerProcess;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.library.LibraryDirectories;
import io.nuner.engine.trt.library.LibraryException;
import io.nuner.engine.trt.library.LibraryFinder;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.library.UnpackedLibraries;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs of this machine, as far as TensorRT can use them. Any thread.
 *
 * <p>Nothing native is loaded into this process before a process of its own has tried all of it: a driver that is broken, or
 * does not match, ends the process that loads it.
 */
public final class Gpus {
    /** Loading TensorRT's 700 MB from a slow disk takes a while; a driver that hangs takes for ever. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(60);

    /** The machine in which we run; asked once. */
    private static final Gpus MACHINE = new Gpus(
            new LibraryFinder(
                    LibraryDirectories.of(System.getenv()),
                    LibraryStore.ofThisProcess(),
                    UnpackedLibraries.inCache(TensorRtVersion.BINDING.toString()),
                    TensorRtVersion.BINDING.toString()),
            PROBE_LIMIT);

    private final LibraryFinder finder;
    private final Duration probeLimit;
    private @Nullable GpuReport report;
    private @Nullable DeviceLayer deviceLayer;

    /** A machine with the libraries of this finder, where the probe is ended after {@code probeLimit}. */
    public Gpus(LibraryFinder finder, Duration probeLimit) {
        this.finder = finder;
        this.probeLimit = probeLimit;
    }

    /** The GPUs of this machine; always the same object. */
    public static Gpus ofThisMachine() {
        return MACHINE;
    }

    /** Whether TensorRT runs here; tried once, then remembered. Takes seconds where there is a driver, else milliseconds. */
    public synchronized GpuReport report() {
        GpuReport known = report;
        if (known == null) {
            known = probe();
            report = Thread.currentThread().isInterrupted() ? null : known;
        }
        return known;
    }

    private GpuReport probe() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!isSupported(platform)) {
            return GpuReport.unusable("TensorRT is supported on Linux on 64-bit x86, but this is " + platform);
        }
        try {
            return ProbeRun.of(finder.find(), probeLimit);
        } catch (LibraryException e) {
            return GpuReport.unusable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return GpuReport.unusable("the process that tries the GPU was interrupted");
        }
    }

    static boolean isSupported(String platform) {
        return platform.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)");
    }

    /**
     * CUDA and TensorRT in this process; loaded at the first call.
     *
     * @throws EngineException with the report's sentence if the machine cannot run TensorRT
     */
    public synchronized DeviceLayer deviceLayer() throws EngineException {
        DeviceLayer known = deviceLayer;
        if (known == null) {
            known = load(libraries(), report().version());
            deviceLayer = known;
        }
        return known;
    }

    /**
     * Compiles in a process of its own.
     *
     * @throws EngineException with a sentence if the machine cannot run TensorRT or its parser is missing
     */
    public PlanCompiler compiler(CompilerProcess.Settings settings) throws EngineException {
        LibrarySet libraries = libraries();
        if (libraries.parser().isEmpty()) {
            throw cannotOpen(new LibraryException(
                    "TensorRT's ONNX parser is missing: no libnvonnxparser.so.11 beside " + libraries.nvinfer()));
        }
        return new CompilerProcess(libraries, settings);
    }

    /**
     * Which kernels the builder can choose from, as the files beside the library say, e.g. {@code ptx sm90}: without those of a
     * GPU it takes slower ones.
     *
     * @throws EngineException with a sentence if the machine cannot run TensorRT
     */
    public String builderResources() throws EngineException {
        return BuilderResources.beside(libraries().nvinfer());
    }

    private LibrarySet libraries() throws EngineException {
        GpuReport current = report();
        return current.libraries().orElseThrow(() -> cannotOpen(new LibraryException(current.sentence())));
    }

    private static DeviceLayer load(LibrarySet libraries, String version) throws EngineException {
        try {
            NativeLibraries.load(libraries, file -> {});
            return new JavaCppDeviceLayer(version, DeviceInfos.all());
        } catch (LibraryException | DeviceException e) {
            throw cannotOpen(e);
        }
    }

    private static EngineException cannotOpen(Exception cause) {
        return EngineException.cannotOpen(String.valueOf(cause.getMessage()), cause);
    }
}
