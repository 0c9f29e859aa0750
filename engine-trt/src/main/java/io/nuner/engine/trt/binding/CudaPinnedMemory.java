package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.PinnedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Memory from {@code cudaHostAlloc}. One thread at a time. */
final class CudaPinnedMemory implements PinnedMemory {
    private final DeviceCalls calls;
    private final BytePointer start;
    private final ByteBuffer buffer;
    private boolean closed;

    private CudaPinnedMemory(DeviceCalls calls, BytePointer start) {
        this.calls = calls;
        this.start = start;
        this.buffer = start.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    static CudaPinnedMemory allocate(DeviceCalls calls, long bytes) throws DeviceException {
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw DeviceException.failed("pinned memory must have 1 to " + Integer.MAX_VALUE + " bytes, not " + bytes);
        }
        Pointer pointer = new Pointer();
        calls.run(
                "cudaHostAlloc of " + bytes + " bytes",
                () -> cudart.cudaHostAlloc(pointer, bytes, cudart.cudaHostAllocDefault));
        return new CudaPinnedMemory(calls, new BytePointer(pointer).capacity(bytes));
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Its address, for a copy of {@code bytes} bytes, which must fit. */
    Pointer start(long bytes) throws DeviceException {
        if (closed || bytes < 0 || bytes > buffer.capacity()) {
            throw DeviceException.failed("a copy of " + bytes + " bytes from or to " + buffer.capacity()
                    + " bytes of pinned memory" + (closed ? ", which are freed" : ""));
        }
        return start;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.free("cudaFreeHost", () -> cudart.cudaFreeHost(start));
        }
    }
}
