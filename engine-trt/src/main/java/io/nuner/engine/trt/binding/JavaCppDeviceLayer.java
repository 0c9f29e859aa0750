package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceLayer;
import java.util.List;

/** CUDA and TensorRT through JavaCPP, in this process. Any thread. The libraries are loaded. */
public final class JavaCppDeviceLayer implements DeviceLayer {
    private final String version;
    private final List<DeviceInfo> devices;

    public JavaCppDeviceLayer(String version, List<DeviceInfo> devices) {
        this.version = version;
        this.devices = List.copyOf(devices);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public List<DeviceInfo> devices() {
        return devices;
    }

    @Override
    public Device open(int index) throws DeviceException {
        if (index < 0 || index >= devices.size()) {
            throw DeviceException.failed("there is no GPU " + index + "; there are " + devices.size() + ", from 0");
        }
        return CudaDevice.open(devices.get(index));
    }
}
