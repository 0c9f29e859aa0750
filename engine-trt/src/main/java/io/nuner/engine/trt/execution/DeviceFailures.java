package io.nuner.engine.trt.execution;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.DeviceException;

/** What failures of a GPU mean for the engine. */
public final class DeviceFailures {
    private DeviceFailures() {}

    /** A failure while the engine opens; {@code what} names what could not be opened. */
    public static EngineException whileOpening(String what, DeviceException failure) {
        String message = "cannot open " + what + ": " + failure.getMessage();
        return failure.isSticky()
                ? EngineException.deviceFailed(message, failure)
                : EngineException.cannotOpen(message, failure);
    }

    /** A failure of a run. */
    static EngineException whileRunning(DeviceException failure) {
        String message = "the forward pass failed: " + failure.getMessage();
        return failure.isSticky()
                ? EngineException.deviceFailed(message, failure)
                : EngineException.batchFailed(message, failure);
    }
}
