package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.LoadedPlan;
import io.nuner.engine.trt.device.PinnedMemory;
import java.nio.ByteBuffer;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.nvinfer.IRuntime;

/** A GPU through CUDA's runtime, and TensorRT's runtime for it. Any thread. */
final class CudaDevice implements Device {
    private final DeviceInfo info;
    private final DeviceCalls calls;
    private final TensorRtCalls tensorRt;
    private final IRuntime runtime;

    private CudaDevice(DeviceInfo info, DeviceCalls calls, TensorRtCalls tensorRt, IRuntime runtime) {
        this.info = info;
        this.calls = calls;
        this.tensorRt = tensorRt;
        this.runtime = runtime;
    }

    /** Opens it and makes it the calling thread's. Makes what is never freed, so there should be one for each GPU. */
    static CudaDevice open(DeviceInfo info) throws DeviceException {
        DeviceCalls calls = new DeviceCalls();
        TensorRtCalls tensorRt = new TensorRtCalls(calls);
        calls.run("cudaSetDevice", () -> cudart.cudaSetDevice(info.index()));
        IRuntime runtime =
                tensorRt.make("createInferRuntime", () -> nvinfer.createInferRuntime(TensorRtLog.instance()));
        return new CudaDevice(info, calls, tensorRt, runtime);
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public void makeCurrent() throws DeviceException {
        calls.run("cudaSetDevice", () -> cudart.cudaSetDevice(info.index()));
    }

    @Override
    public DeviceStream newStream() throws DeviceException {
        return CudaStream.create(calls);
    }

    @Override
    public DeviceEvent newEvent() throws DeviceException {
        return CudaEvent.create(calls);
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceException {
        return CudaMemory.allocate(calls, bytes);
    }

    @Override
    public PinnedMemory allocatePinned(long bytes) throws DeviceException {
        return CudaPinnedMemory.allocate(calls, bytes);
    }

    @Override
    public LoadedPlan load(ByteBuffer plan) throws DeviceException {
        return TensorRtPlan.load(calls, tensorRt, runtime, plan);
    }
}
