package io.nuner.engine.trt.plan;

import io.nuner.engine.trt.device.DeviceInfo;
import java.util.Locale;

/**
 * Where a plan is built and run. Immutable.
 *
 * @param tensorRtVersion with its build number, e.g. {@code 11.2.1.2}: plans run on the very version that built them
 * @param device the GPU
 * @param platform operating system and processor, e.g. {@code linux-amd64}
 * @param builderResource which kernels the builder could choose from, e.g. {@code sm90} or {@code ptx}: a plan built without
 *     those of the GPU is slower and must not pass for a full one
 */
public record PlanTarget(String tensorRtVersion, DeviceInfo device, String platform, String builderResource) {
    /** On the machine that this process runs on. */
    public static PlanTarget here(String tensorRtVersion, DeviceInfo device, String builderResource) {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        return new PlanTarget(tensorRtVersion, device, platform.toLowerCase(Locale.ROOT), builderResource);
    }

    /** The version and the GPU in letters, digits, dots and hyphens, for a file name. */
    String fileName() {
        return (tensorRtVersion + "-" + device.name() + "-" + device.computeCapability())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.-]+", "-");
    }
}
