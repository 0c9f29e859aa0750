package io.nuner.engine.trt.device;

/** Memory of a GPU. Freed by {@link #close()}, after everything that works in it. */
public interface DeviceMemory extends AutoCloseable {
    /** Its size. */
    long bytes();

    @Override
    void close();
}
