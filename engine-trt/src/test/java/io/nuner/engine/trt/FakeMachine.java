package io.nuner.engine.trt;

import io.nuner.engine.trt.device.DeviceLayer;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.testing.FakeCompiler;
import io.nuner.engine.trt.testing.FakeDeviceLayer;

/** A machine whose GPUs are none. */
final class FakeMachine implements GpuMachine {
    private final FakeDeviceLayer layer;
    private final FakeCompiler compiler = new FakeCompiler();
    private PlanCompiler inUse = compiler;

    FakeMachine(int gpus) {
        layer = new FakeDeviceLayer(gpus);
    }

    /** Compiles with another compiler from now on. */
    void compileWith(PlanCompiler other) {
        inUse = other;
    }

    /** Plans compiled so far, two for each model. */
    int compiled() {
        return compiler.compiled();
    }

    FakeCompiler fakeCompiler() {
        return compiler;
    }

    FakeDeviceLayer layer() {
        return layer;
    }

    @Override
    public Report report() {
        return new Report(true, "fake GPUs run everywhere", layer.devices());
    }

    @Override
    public DeviceLayer deviceLayer() {
        return layer;
    }

    @Override
    public PlanCompiler compiler() {
        return inUse;
    }

    @Override
    public String builderResources() {
        return "ptx";
    }
}
