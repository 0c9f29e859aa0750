package io.nuner.engine.trt.device;

import java.nio.ByteBuffer;

/**
 * One GPU of this process. Any thread; what it makes is for one thread at a time.
 *
 * <p>Calls throw {@link DeviceException}; after one that {@linkplain DeviceException#isSticky() stays}, every call throws.
 */
public interface Device {
    /** Its name, size and driver. */
    DeviceInfo info();

    /** Makes the calling thread work with this GPU. Each thread that touches what this GPU made calls it once before. */
    void makeCurrent() throws DeviceException;

    /** A queue of work that waits for no other stream. */
    DeviceStream newStream() throws DeviceException;

    /** An event that nobody has recorded; waiting for it returns at once. */
    DeviceEvent newEvent() throws DeviceException;

    /** Memory of the GPU, aligned to 256 bytes, with any content. */
    DeviceMemory allocate(long bytes) throws DeviceException;

    /** Memory of this process that the GPU copies from and to while others work. */
    PinnedMemory allocatePinned(long bytes) throws DeviceException;

    /**
     * Loads a plan: native code that must come from ourselves, verified by the caller.
     *
     * @param plan a direct buffer of the whole file; may go after the call
     */
    LoadedPlan load(ByteBuffer plan) throws DeviceException;
}
