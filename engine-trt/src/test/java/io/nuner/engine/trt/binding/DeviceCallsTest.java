package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nuner.engine.trt.device.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class DeviceCallsTest {
    private final DeviceCalls calls = new DeviceCalls();
    private final List<String> made = new ArrayList<>();

    @Test
    void passesCallsOnAndChecksThem() throws Exception {
        calls.run("a", call("a", 0));
        DeviceException failure = failure("b", 1);
        calls.run("c", call("c", 0));

        assertThat(failure).hasMessage("b failed: cudaErrorInvalidValue (1)");
        assertThat(made).containsExactly("a", "b", "c");
    }

    @Test
    void makesNoCallOnceTheGpuIsLost() {
        DeviceException first = failure("enqueue", 719);
        DeviceException second = failure("cudaMalloc", 0);
        calls.free("cudaFree", call("cudaFree", 0));

        assertThat(first.isSticky()).isTrue();
        assertThat(second.isSticky()).isTrue();
        assertThat(second).hasMessage("the GPU was lost before: enqueue failed: cudaErrorLaunchFailure (719)");
        assertThat(made).containsExactly("enqueue");
        assertThat(calls.isLost()).isTrue();
    }

    @Test
    void noticesWhileFreeingThatTheGpuIsLost() {
        calls.free("cudaFree", call("cudaFree", 700));
        calls.free("cudaFree", call("again", 0));

        assertThat(calls.isLost()).isTrue();
        assertThat(made).containsExactly("cudaFree");
    }

    @Test
    void freesAfterAFailureThatPasses() {
        failure("cudaMalloc", 2);
        calls.free("cudaFree", call("cudaFree", 1));
        calls.free("cudaFree", call("again", 0));

        assertThat(made).containsExactly("cudaMalloc", "cudaFree", "again");
    }

    private DeviceException failure(String name, int status) {
        return catchThrowableOfType(DeviceException.class, () -> calls.run(name, call(name, status)));
    }

    private IntSupplier call(String name, int status) {
        return () -> {
            made.add(name);
            return status;
        };
    }
}
