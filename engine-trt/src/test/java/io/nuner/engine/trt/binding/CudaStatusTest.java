package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.trt.device.DeviceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaStatusTest {
    @ParameterizedTest
    @ValueSource(ints = {214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999})
    void theseLoseTheGpu(int status) {
        DeviceException failure = CudaStatus.failure("call", status);

        assertThat(failure.isSticky()).isTrue();
        assertThat(failure.isOutOfMemory()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 46, 101, 400, 600, 701, 711, 712, 713, 720, 900, 901, 904, 12345})
    void theseConcernTheOneCall(int status) {
        DeviceException failure = CudaStatus.failure("call", status);

        assertThat(failure.isSticky()).isFalse();
        assertThat(failure.isOutOfMemory()).isFalse();
    }

    @Test
    void tellsOutOfMemory() {
        DeviceException failure = CudaStatus.failure("cudaMalloc of 8 bytes", 2);

        assertThat(failure.isOutOfMemory()).isTrue();
        assertThat(failure.isSticky()).isFalse();
        assertThat(failure).hasMessage("cudaMalloc of 8 bytes failed: cudaErrorMemoryAllocation (2)");
    }

    @Test
    void namesWhatItKnowsAndNumbersTheRest() {
        assertThat(CudaStatus.name(700)).isEqualTo("cudaErrorIllegalAddress (700)");
        assertThat(CudaStatus.name(12345)).isEqualTo("cudaError (12345)");
    }
}
