package io.nuner.engine.trt.binding.probe;

import com.google.protobuf.TextFormat;
import io.nuner.engine.trt.binding.CudaStatus;
import io.nuner.engine.trt.binding.DeviceInfos;
import io.nuner.engine.trt.binding.NativeLibraries;
import io.nuner.engine.trt.binding.NativePointers;
import io.nuner.engine.trt.binding.TensorRtLog;
import io.nuner.engine.trt.binding.TensorRtVersion;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.library.LibraryException;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.process.LineMessage;
import io.nuner.engine.trt.process.ParentWatch;
import io.nuner.model.format.tensorrt.DeviceMessage;
import io.nuner.model.format.tensorrt.LibrarySetMessage;
import java.io.PrintStream;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.tensorrt.global.nvinfer;

/**
 * The process that tries whether this machine can run TensorRT, and may die of it. Tells its parent each step before taking it,
 * and what it found.
 */
public final class Probe {
    /** The step that comes next. */
    static final String STEP = "step";

    /** Why this machine cannot run TensorRT; one sentence. */
    static final String FAULT = "fault";

    /** TensorRT's version with the number of its build: plans run on the very build that made them. */
    static final String VERSION = "version";

    /** A GPU, as {@link #line} writes it. */
    static final String DEVICE = "device";

    /** Everything worked. */
    static final String GOOD = "good";

    private final PrintStream out;

    private Probe(PrintStream out) {
        this.out = out;
    }

    /** Runs it; the argument is a {@link LibrarySetMessage} as text. */
    public static void main(String[] arguments) {
        ParentWatch.start();
        Probe probe = new Probe(System.out);
        try {
            probe.run(LibrarySet.of(TextFormat.parse(arguments[0], LibrarySetMessage.class)));
        } catch (LibraryException | DeviceException | TextFormat.ParseException e) {
            probe.tell(FAULT, String.valueOf(e.getMessage()));
        }
        // Not a return: exit handlers of NVIDIA's libraries may hang where the driver is broken.
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void run(LibrarySet libraries) throws LibraryException, DeviceException {
        if (libraries.parser().isPresent()) {
            NativeLibraries.loadForCompiling(libraries, file -> tell(STEP, "loading " + file));
        } else {
            NativeLibraries.load(libraries, file -> tell(STEP, "loading " + file));
        }
        requireDevice();
        requireVersion();
        tell(STEP, "asking CUDA for its GPUs");
        DeviceInfos.all().forEach(device -> tell(DEVICE, line(device)));
        requireRuntime(libraries);
        tell(GOOD, "");
    }

    private void requireDevice() throws LibraryException {
        tell(STEP, "counting GPUs");
        int[] count = new int[1];
        int status = cudart.cudaGetDeviceCount(count);
        if (status != CudaStatus.SUCCESS) {
            throw new LibraryException(noDevice(status));
        }
        if (count[0] < 1) {
            throw new LibraryException(noDevice(CudaStatus.NO_DEVICE));
        }
    }

    /** What an operator should look at, by the status of counting GPUs. */
    static String noDevice(int status) {
        String name = CudaStatus.name(status);
        return switch (status) {
            case CudaStatus.NO_DEVICE ->
                "the NVIDIA driver shows no GPU: " + name
                        + "; is one passed to this container or named in CUDA_VISIBLE_DEVICES?";
            case CudaStatus.STUB_LIBRARY ->
                "libcuda.so.1 is a stub for linking, no driver: " + name + "; is its directory in LD_LIBRARY_PATH?";
            case CudaStatus.INSUFFICIENT_DRIVER ->
                "the NVIDIA driver is too old for CUDA 13, which needs 580 or newer, or it is a stub: " + name;
            default -> "the NVIDIA driver does not work: cudaGetDeviceCount failed: " + name;
        };
    }

    private void requireVersion() throws LibraryException {
        tell(STEP, "asking TensorRT for its version");
        TensorRtVersion version = TensorRtVersion.loaded();
        if (!version.isSuitable()) {
            throw new LibraryException("TensorRT is " + version + ", but " + TensorRtVersion.NEEDED + " is needed");
        }
        tell(VERSION, version + "." + nvinfer.getInferLibBuildVersion());
    }

    private void requireRuntime(LibrarySet libraries) throws LibraryException {
        TensorRtLog log = TensorRtLog.instance();
        log.passOnTo((level, message) -> System.err.println(message));
        tell(STEP, "creating a TensorRT runtime");
        if (!NativePointers.isUsable(nvinfer.createInferRuntime(log))) {
            throw new LibraryException("TensorRT cannot create a runtime: " + log.lastError());
        }
        if (libraries.parser().isPresent()) {
            tell(STEP, "creating a TensorRT builder");
            if (!NativePointers.isUsable(nvinfer.createInferBuilder(log))) {
                throw new LibraryException("TensorRT cannot create a builder: " + log.lastError());
            }
        }
    }

    /** A GPU in one line. */
    static String line(DeviceInfo device) {
        DeviceMessage message = DeviceMessage.newBuilder()
                .setIndex(device.index())
                .setName(device.name())
                .setComputeCapability(device.computeCapability())
                .setMultiprocessors(device.multiprocessors())
                .setMemoryBytes(device.memoryBytes())
                .setDriver(device.driver())
                .build();
        return TextFormat.printer().shortDebugString(message);
    }

    private void tell(String topic, String text) {
        new LineMessage(topic, text).print(out);
    }
}
