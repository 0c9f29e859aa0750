package io.nuner.engine.trt;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.nuner.engine.EngineProvider;
import org.junit.jupiter.api.BeforeAll;

/** The engine keeps the contract on the GPUs of this machine, if it has any; says why not otherwise. */
class GpuCompatibilityTest extends TensorRtCompatibilityTest {
    private static final EngineProvider PROVIDER = new TensorRtEngineProvider();

    @BeforeAll
    void assumeAGpu() {
        EngineProvider.Availability availability = PROVIDER.availability();
        if (!availability.usable()) {
            System.out.println("no test ran on a GPU: " + availability.reason());
        }
        assumeThat(availability.usable()).as(availability.reason()).isTrue();
    }

    @Override
    protected EngineProvider provider() {
        return PROVIDER;
    }
}
