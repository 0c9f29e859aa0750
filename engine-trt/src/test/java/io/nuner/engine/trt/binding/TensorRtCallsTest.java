package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.trt.device.DeviceException;
import org.junit.jupiter.api.Test;

class TensorRtCallsTest {
    @Test
    void tellsFromTheLogThatMemoryIsShort() {
        assertThat(classify("Error Code 1: Cuda Runtime (out of memory)", 0).isOutOfMemory())
                .isTrue();
        assertThat(classify("Error Code 2: OutOfMemory (Requested size was 8 bytes.)", 0)
                        .isOutOfMemory())
                .isTrue();
        assertThat(classify("something else", 2).isOutOfMemory()).isTrue();
    }

    @Test
    void tellsFromTheStatusThatTheGpuIsLost() {
        DeviceException failure = classify("Error Code 1: Cuda Runtime", 700);

        assertThat(failure.isSticky()).isTrue();
        assertThat(failure)
                .hasMessage("enqueueV3 failed: Error Code 1: Cuda Runtime, then cudaErrorIllegalAddress (700)");
    }

    @Test
    void takesTheRestForFailuresOfOneCall() {
        // 600: work of the stream is still under way.
        DeviceException failure = classify("Error Code 3: API Usage Error", 600);

        assertThat(failure.isSticky()).isFalse();
        assertThat(failure.isOutOfMemory()).isFalse();
    }

    private static DeviceException classify(String error, int status) {
        return TensorRtCalls.classify("enqueueV3", error, status);
    }
}
