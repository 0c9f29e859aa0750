package io.nuner.engine.trt.binding.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.trt.device.DeviceInfo;
import org.junit.jupiter.api.Test;

class ProbeRunTest {
    @Test
    void aDeviceIsReadAsTheProbeWritesIt() {
        DeviceInfo device = new DeviceInfo(1, "NVIDIA H100 80GB HBM3", "9.0", 132, 85_017_493_504L, "13.0");
        DeviceInfo nameless = new DeviceInfo(0, "", "9.0", 132, 1, "13.0");

        assertThat(ProbeRun.device(Probe.line(device))).isEqualTo(device);
        assertThat(ProbeRun.device(Probe.line(nameless).strip())).isEqualTo(nameless);
    }
}
