package io.nuner.engine.trt.device;

/** A plan with shapes and addresses set. One thread at a time. */
public interface PlanContext {
    /** Sets the shape of an input; it must lie inside the profile. */
    void shape(String input, long... dimensions) throws DeviceException;

    /**
     * Sets where a tensor lies.
     *
     * @param offset bytes from the start of the memory, a multiple of 256
     */
    void address(String tensor, DeviceMemory memory, long offset) throws DeviceException;

    /** Adds a run to the stream; shapes and addresses of all tensors must be set. */
    void enqueue(DeviceStream stream) throws DeviceException;
}
