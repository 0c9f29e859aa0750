package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** An event of CUDA that is waited for without spinning and measures no time. */
final class CudaEvent implements DeviceEvent {
    private static final int FLAGS = cudart.cudaEventBlockingSync | cudart.cudaEventDisableTiming;

    private final DeviceCalls calls;
    private final CUevent_st event;
    private boolean closed;

    private CudaEvent(DeviceCalls calls, CUevent_st event) {
        this.calls = calls;
        this.event = event;
    }

    static CudaEvent create(DeviceCalls calls) throws DeviceException {
        CUevent_st event = new CUevent_st();
        calls.run("cudaEventCreateWithFlags", () -> cudart.cudaEventCreateWithFlags(event, FLAGS));
        return new CudaEvent(calls, event);
    }

    CUevent_st handle() {
        return event;
    }

    @Override
    public void await() throws DeviceException {
        calls.run("cudaEventSynchronize", () -> cudart.cudaEventSynchronize(event));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.free("cudaEventDestroy", () -> cudart.cudaEventDestroy(event));
        }
    }
}
