package io.nuner.engine.trt.binding;

import org.bytedeco.tensorrt.global.nvinfer;

/**
 * A version of TensorRT. Immutable.
 *
 * @param major plans and interfaces belong to one
 * @param minor the binding needs one at least
 * @param patch repairs
 */
public record TensorRtVersion(int major, int minor, int patch) {
    /** What the binding was made for; a constant of its, for which nothing is loaded. */
    public static final TensorRtVersion BINDING =
            new TensorRtVersion(nvinfer.NV_TENSORRT_MAJOR, nvinfer.NV_TENSORRT_MINOR, nvinfer.NV_TENSORRT_PATCH);

    /** What {@link #isSuitable} takes, in words. */
    public static final String NEEDED = BINDING.major + "." + BINDING.minor + " or a newer " + BINDING.major;

    /** That of the loaded library. */
    public static TensorRtVersion loaded() {
        return of(nvinfer.getInferLibVersion());
    }

    /** Takes apart what {@code getInferLibVersion} returns. */
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
