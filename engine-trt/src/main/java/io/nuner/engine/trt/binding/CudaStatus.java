package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import java.util.Map;
import java.util.Set;

/**
 * What a status of CUDA's runtime means for the caller. Any thread.
 *
 * <p>The names stand here because {@code cudaGetErrorName} is in libcudart: it cannot be called where that did not load, and
 * after an error that lasts nothing of CUDA is called.
 *
 * <p>Which ones last is taken from the descriptions of {@code cudaError} in the CUDA Runtime API (section Data types used by CUDA
 * Runtime): those that say "the process must be terminated and relaunched", those after which the context is gone, and
 * uncorrectable memory errors, after which nothing in the GPU's memory can be trusted. {@code cudaErrorUnknown} is one,
 * too.
 */
public final class CudaStatus {
    public static final int SUCCESS = 0;
    static final int MEMORY_ALLOCATION = 2;
    public static final int STUB_LIBRARY = 34;
    public static final int INSUFFICIENT_DRIVER = 35;
    public static final int NO_DEVICE = 100;

    private static final Set<Integer> STICKY =
            Set.of(4, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911, 999);

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(SUCCESS, "cudaSuccess"),
            Map.entry(1, "cudaErrorInvalidValue"),
            Map.entry(MEMORY_ALLOCATION, "cudaErrorMemoryAllocation"),
            Map.entry(3, "cudaErrorInitializationError"),
            Map.entry(4, "cudaErrorCudartUnloading"),
            Map.entry(STUB_LIBRARY, "cudaErrorStubLibrary"),
            Map.entry(INSUFFICIENT_DRIVER, "cudaErrorInsufficientDriver"),
            Map.entry(36, "cudaErrorCallRequiresNewerDriver"),
            Map.entry(46, "cudaErrorDevicesUnavailable"),
            Map.entry(NO_DEVICE, "cudaErrorNoDevice"),
            Map.entry(101, "cudaErrorInvalidDevice"),
            Map.entry(201, "cudaErrorDeviceUninitialized"),
            Map.entry(209, "cudaErrorNoKernelImageForDevice"),
            Map.entry(214, "cudaErrorECCUncorrectable"),
            Map.entry(220, "cudaErrorNvlinkUncorrectable"),
            Map.entry(222, "cudaErrorUnsupportedPtxVersion"),
            Map.entry(226, "cudaErrorContained"),
            Map.entry(304, "cudaErrorOperatingSystem"),
            Map.entry(400, "cudaErrorInvalidResourceHandle"),
            Map.entry(600, "cudaErrorNotReady"),
            Map.entry(700, "cudaErrorIllegalAddress"),
            Map.entry(701, "cudaErrorLaunchOutOfResources"),
            Map.entry(702, "cudaErrorLaunchTimeout"),
            Map.entry(709, "cudaErrorContextIsDestroyed"),
            Map.entry(710, "cudaErrorAssert"),
            Map.entry(714, "cudaErrorHardwareStackError"),
            Map.entry(715, "cudaErrorIllegalInstruction"),
            Map.entry(716, "cudaErrorMisalignedAddress"),
            Map.entry(717, "cudaErrorInvalidAddressSpace"),
            Map.entry(718, "cudaErrorInvalidPc"),
            Map.entry(719, "cudaErrorLaunchFailure"),
            Map.entry(721, "cudaErrorTensorMemoryLeak"),
            Map.entry(802, "cudaErrorSystemNotReady"),
            Map.entry(803, "cudaErrorSystemDriverMismatch"),
            Map.entry(804, "cudaErrorCompatNotSupportedOnDevice"),
            Map.entry(810, "cudaErrorMpsClientTerminated"),
            Map.entry(900, "cudaErrorStreamCaptureUnsupported"),
            Map.entry(901, "cudaErrorStreamCaptureInvalidated"),
            Map.entry(904, "cudaErrorStreamCaptureUnjoined"),
            Map.entry(906, "cudaErrorStreamCaptureImplicit"),
            Map.entry(911, "cudaErrorExternalDevice"),
            Map.entry(999, "cudaErrorUnknown"));

    private CudaStatus() {}

    /** True if every later call in this process will fail too. */
    static boolean isSticky(int status) {
        return STICKY.contains(status);
    }

    /** NVIDIA's name, and the number where the name is not known here. */
    public static String name(int status) {
        return NAMES.getOrDefault(status, "cudaError") + " (" + status + ")";
    }

    /** The exception for a call that did not succeed. */
    static DeviceException failure(String call, int status) {
        String message = call + " failed: " + name(status);
        if (status == MEMORY_ALLOCATION) {
            return DeviceException.outOfMemory(message);
        }
        return isSticky(status) ? DeviceException.sticky(message) : DeviceException.failed(message);
    }
}
