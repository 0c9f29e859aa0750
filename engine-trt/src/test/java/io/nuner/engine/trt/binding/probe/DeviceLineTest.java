package io.nuner.engine.trt.binding.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.trt.device.DeviceInfo;
import org.junit.jupiter.api.Test;

class DeviceLineTest {
    @Test
    void isReadAsItWasWritten() {
        DeviceInfo device = new DeviceInfo(1, "NVIDIA H100 80GB HBM3", "9.0", 132, 85_017_493_504L, "13.0");
        DeviceInfo nameless = new DeviceInfo(0, "", "9.0", 132, 1, "13.0");

        assertThat(DeviceLine.parse(DeviceLine.write(device))).isEqualTo(device);
        assertThat(DeviceLine.parse(DeviceLine.write(nameless).strip())).isEqualTo(nameless);
    }
}
