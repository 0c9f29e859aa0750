package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;

/** Asks CUDA what GPUs there are. Any thread; the libraries must be loaded. */
public final class DeviceInfos {
    private DeviceInfos() {}

    /** How many there are. */
    public static int count() throws DeviceException {
        int[] count = new int[1];
        check("cudaGetDeviceCount", cudart.cudaGetDeviceCount(count));
        return count[0];
    }

    /** All of them, by ascending index. */
    public static List<DeviceInfo> all() throws DeviceException {
        int[] driver = new int[1];
        int count = count();
        check("cudaDriverGetVersion", cudart.cudaDriverGetVersion(driver));
        List<DeviceInfo> devices = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            devices.add(read(index, driver[0]));
        }
        return devices;
    }

    private static DeviceInfo read(int index, int driver) throws DeviceException {
        try (cudaDeviceProp properties = new cudaDeviceProp()) {
            check("cudaGetDeviceProperties", cudart.cudaGetDeviceProperties(properties, index));
            return new DeviceInfo(
                    index,
                    properties.name().getString(StandardCharsets.UTF_8),
                    properties.major() + "." + properties.minor(),
                    properties.multiProcessorCount(),
                    properties.totalGlobalMem(),
                    driver / 1000 + "." + driver % 1000 / 10);
        }
    }

    private static void check(String call, int status) throws DeviceException {
        if (status != CudaStatus.SUCCESS) {
            throw CudaStatus.failure(call, status);
        }
    }
}
