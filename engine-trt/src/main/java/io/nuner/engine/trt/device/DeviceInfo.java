package io.nuner.engine.trt.device;

/**
 * What a GPU is; all of it decides which plans run there, but for the driver's version.
 *
 * @param index its number among those that CUDA shows
 * @param name e.g. {@code NVIDIA H100 80GB HBM3}
 * @param computeCapability major and minor, e.g. {@code 9.0}
 * @param multiprocessors streaming multiprocessors
 * @param memoryBytes all of its memory
 * @param driver version of the CUDA driver API, e.g. {@code 13.0}
 */
public record DeviceInfo(
        int index, String name, String computeCapability, int multiprocessors, long memoryBytes, String driver) {}
