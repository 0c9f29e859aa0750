package io.nuner.engine.trt.device;

import java.util.List;

/** The GPUs of this machine. Any thread. */
public interface DeviceLayer {
    /** TensorRT's version as major, minor, patch, build, e.g. {@code 11.2.1.2}. */
    String version();

    /** The GPUs that CUDA shows, by ascending index; at least one. */
    List<DeviceInfo> devices();

    /**
     * Opens a GPU.
     *
     * @param index {@link DeviceInfo#index()}
     */
    Device open(int index) throws DeviceException;
}
