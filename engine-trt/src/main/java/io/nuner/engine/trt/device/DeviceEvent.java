package io.nuner.engine.trt.device;

/** A point in a stream. Recorded by one thread at a time, waited for by any. Owns its native part until closed. */
public interface DeviceEvent extends AutoCloseable {
    /** Blocks, without using the CPU, until the last {@link DeviceStream#record} has happened. */
    void await() throws DeviceException;

    @Override
    void close();
}
