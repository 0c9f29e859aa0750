package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate that every call to one GPU passes: checks each status and, once the GPU is lost, lets nothing through, since even
 * freeing may hang then. Any thread. Needs no CUDA itself.
 */
final class DeviceCalls {
    private static final Logger LOG = System.getLogger(DeviceCalls.class.getName());

    private final AtomicReference<@Nullable String> lost = new AtomicReference<>();

    /** Makes a call that returns a CUDA status. */
    void run(String call, IntSupplier status) throws DeviceException {
        ensureUsable();
        int result = status.getAsInt();
        if (result != CudaStatus.SUCCESS) {
            throw noted(CudaStatus.failure(call, result));
        }
    }

    /** Makes a call that frees something: nothing happens on a lost GPU, and a failure is only logged. */
    void free(String call, IntSupplier status) {
        if (isLost()) {
            return;
        }
        int result = status.getAsInt();
        if (result != CudaStatus.SUCCESS) {
            LOG.log(Level.WARNING, noted(CudaStatus.failure(call, result)).getMessage());
        }
    }

    /** Throws if the GPU is lost. Called before each call that returns no status. */
    void ensureUsable() throws DeviceException {
        String cause = lost.get();
        if (cause != null) {
            throw DeviceException.sticky("the GPU was lost before: " + cause);
        }
    }

    /** True once a status has shown that the GPU is lost. */
    boolean isLost() {
        return lost.get() != null;
    }

    /** Returns the exception; a sticky one marks the GPU as lost. */
    DeviceException noted(DeviceException failure) {
        if (failure.isSticky()) {
            lost.compareAndSet(null, failure.getMessage());
        }
        return failure;
    }
}
