package io.nuner.engine.trt.binding;

import org.bytedeco.tensorrt.global.nvinfer;

/**
 * A version of TensorRT. Immutable.
 *
 * @param major changes with the interfaces and the format of plans
 * @param minor must be the binding's or a later one
 * @param patch repairs
 */
public record TensorRtVersion(int major, int minor, int patch) {
    /** The version that the binding was made for; a constant, which loads nothing. */
    public static final TensorRtVersion BINDING =
            new TensorRtVersion(nvinfer.NV_TENSORRT_MAJOR, nvinfer.NV_TENSORRT_MINOR, nvinfer.NV_TENSORRT_PATCH);

    /** The versions that {@link #isSuitable} accepts, in words. */
    public static final String NEEDED = BINDING.major + "." + BINDING.minor + " or a newer " + BINDING.major;

    /** The version of the loaded library. */
    public static TensorRtVersion loaded() {
        return of(nvinfer.getInferLibVersion());
    }

    /** The version in a number of {@code getInferLibVersion}. */
    static TensorRtVersion of(int number) {
        return new TensorRtVersion(number / 10_000, number / 100 % 100, number % 100);
    }

    /** True if the binding can work with it. */
    public boolean isSuitable() {
        return major == BINDING.major && minor >= BINDING.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
