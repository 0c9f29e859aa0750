package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Memory from {@code cudaMalloc}. One thread at a time. */
final class CudaMemory implements DeviceMemory {
    private final DeviceCalls calls;
    private final BytePointer start;
    private final long bytes;
    private boolean closed;

    private CudaMemory(DeviceCalls calls, BytePointer start, long bytes) {
        this.calls = calls;
        this.start = start;
        this.bytes = bytes;
    }

    static CudaMemory allocate(DeviceCalls calls, long bytes) throws DeviceException {
        Pointer pointer = new Pointer();
        calls.run("cudaMalloc of " + bytes + " bytes", () -> cudart.cudaMalloc(pointer, bytes));
        return new CudaMemory(calls, new BytePointer(pointer), bytes);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Its address. */
    Pointer start() throws DeviceException {
        return at(0);
    }

    /** The address of a byte of it. */
    Pointer at(long offset) throws DeviceException {
        if (closed || offset < 0 || offset >= Math.max(1, bytes)) {
            throw DeviceException.failed(
                    "byte " + offset + " of " + bytes + " bytes of GPU memory" + (closed ? ", which are freed" : ""));
        }
        return start.getPointer(offset);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.free("cudaFree", () -> cudart.cudaFree(start));
        }
    }
}
