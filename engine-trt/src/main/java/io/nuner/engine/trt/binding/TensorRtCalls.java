package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The gate that calls of TensorRT for one GPU pass. TensorRT returns false or nothing where CUDA returns a status; why is in its
 * log. Any thread.
 */
final class TensorRtCalls {
    private final DeviceCalls calls;

    TensorRtCalls(DeviceCalls calls) {
        this.calls = calls;
    }

    /** Makes an object. Where it cannot, TensorRT returns null or a pointer to nothing. */
    <T extends Pointer> T make(String call, Supplier<@Nullable T> maker) throws DeviceException {
        TensorRtLog log = begin();
        T made = maker.get();
        if (made == null || !NativePointers.isUsable(made)) {
            throw failure(call, log.lastError(), CudaStream::deviceStatus);
        }
        return made;
    }

    /**
     * Makes a call that returns false when it fails.
     *
     * @param call name for the message of a failure
     * @param status asked after a failure; shows whether the GPU is lost
     */
    void require(Supplier<String> call, BooleanSupplier success, IntSupplier status) throws DeviceException {
        TensorRtLog log = begin();
        if (!success.getAsBoolean()) {
            throw failure(call.get(), log.lastError(), status);
        }
    }

    /** Makes a call that tells of failures in the log only. */
    void run(String call, Runnable action) throws DeviceException {
        TensorRtLog log = begin();
        action.run();
        String error = log.lastError();
        if (error != null) {
            throw failure(call, error, CudaStream::deviceStatus);
        }
    }

    private TensorRtLog begin() throws DeviceException {
        calls.ensureUsable();
        TensorRtLog log = TensorRtLog.instance();
        log.clear();
        return log;
    }

    private DeviceException failure(String call, @Nullable String error, IntSupplier status) {
        return calls.noted(classify(call, error == null ? "TensorRT gave no reason" : error, status.getAsInt()));
    }

    /**
     * The exception for a failed call.
     *
     * @param status of a call to CUDA's runtime right after it
     */
    static DeviceException classify(String call, String error, int status) {
        String message = call + " failed: " + error;
        if (CudaStatus.isSticky(status)) {
            return DeviceException.sticky(message + ", then " + CudaStatus.name(status));
        }
        boolean outOfMemory = status == CudaStatus.MEMORY_ALLOCATION
                || error.toLowerCase(Locale.ROOT).contains("out of memory")
                || error.contains("OutOfMemory");
        return outOfMemory ? DeviceException.outOfMemory(message) : DeviceException.failed(message);
    }
}
