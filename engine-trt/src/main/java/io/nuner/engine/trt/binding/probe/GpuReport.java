package io.nuner.engine.trt.binding.probe;

import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.library.LibrarySet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether this machine can run TensorRT. Immutable.
 *
 * @param libraries what to load; empty if it cannot
 * @param sentence for the operator, either way
 * @param version TensorRT's, e.g. {@code 11.2.1.2}; empty if it cannot
 * @param devices the GPUs; none if it cannot
 */
public record GpuReport(Optional<LibrarySet> libraries, String sentence, String version, List<DeviceInfo> devices) {
    public GpuReport {
        devices = List.copyOf(devices);
    }

    /** A machine that cannot run TensorRT, for this reason. */
    static GpuReport unusable(String sentence) {
        return new GpuReport(Optional.empty(), sentence, "", List.of());
    }

    /** A machine that can run TensorRT. */
    static GpuReport usable(LibrarySet libraries, String version, List<DeviceInfo> devices) {
        String names = devices.stream().map(DeviceInfo::name).collect(Collectors.joining(", "));
        String sentence = "TensorRT " + version + " (" + libraries.nvinfer() + ") on " + names;
        return new GpuReport(Optional.of(libraries), sentence, version, devices);
    }

    /** True if this machine can run TensorRT. */
    public boolean isUsable() {
        return libraries.isPresent();
    }
}
