package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceLayer;
import java.util.List;
import java.util.stream.IntStream;

/** GPUs that are none. Any thread. */
public final class FakeDeviceLayer implements DeviceLayer {
    private final List<FakeDevice> devices;

    /** As many GPUs as asked for. */
    public FakeDeviceLayer(int count) {
        devices = IntStream.range(0, count).mapToObj(FakeDevice::new).toList();
    }

    @Override
    public String version() {
        return "11.2.1";
    }

    @Override
    public List<DeviceInfo> devices() {
        return devices.stream().map(FakeDevice::info).toList();
    }

    @Override
    public FakeDevice open(int index) {
        return devices.get(index);
    }
}
