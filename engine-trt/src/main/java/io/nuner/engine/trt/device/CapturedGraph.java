package io.nuner.engine.trt.device;

/** Work that was captured once and runs again by one call, with the shapes and addresses that it had. */
public interface CapturedGraph extends AutoCloseable {
    @Override
    void close();
}
