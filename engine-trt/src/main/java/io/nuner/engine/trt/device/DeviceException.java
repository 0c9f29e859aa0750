package io.nuner.engine.trt.device;

/** A call of CUDA or TensorRT failed. Messages carry no user text. */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private DeviceException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** This call failed; others may work. */
    public static DeviceException failed(String message) {
        return new DeviceException(Kind.FAILED, message);
    }

    /** There is not enough memory on the GPU; a call for less may succeed. */
    public static DeviceException outOfMemory(String message) {
        return new DeviceException(Kind.OUT_OF_MEMORY, message);
    }

    /** The process has lost the GPU: every further call fails, and only a new process gets it back. */
    public static DeviceException sticky(String message) {
        return new DeviceException(Kind.STICKY, message);
    }

    /** True if memory was short; the same call for less may succeed. */
    public boolean isOutOfMemory() {
        return kind == Kind.OUT_OF_MEMORY;
    }

    /** True if only a new process gets the GPU back. */
    public boolean isSticky() {
        return kind == Kind.STICKY;
    }

    private enum Kind {
        FAILED,
        OUT_OF_MEMORY,
        STICKY
    }
}
