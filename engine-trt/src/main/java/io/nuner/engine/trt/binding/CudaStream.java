package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PinnedMemory;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/** A stream of CUDA that does not wait for the default one. One thread at a time. */
final class CudaStream implements DeviceStream {
    private final DeviceCalls calls;
    private final CUstream_st stream;
    private boolean capturing;
    private boolean closed;

    private CudaStream(DeviceCalls calls, CUstream_st stream) {
        this.calls = calls;
        this.stream = stream;
    }

    static CudaStream create(DeviceCalls calls) throws DeviceException {
        CUstream_st stream = new CUstream_st();
        calls.run(
                "cudaStreamCreateWithFlags",
                () -> cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking));
        return new CudaStream(calls, stream);
    }

    CUstream_st handle() {
        return stream;
    }

    @Override
    public void copyToDevice(PinnedMemory source, DeviceMemory target, long bytes) throws DeviceException {
        copy(memory(target, bytes), ((CudaPinnedMemory) source).start(bytes), bytes, cudart.cudaMemcpyHostToDevice);
    }

    @Override
    public void copyToHost(DeviceMemory source, PinnedMemory target, long bytes) throws DeviceException {
        copy(((CudaPinnedMemory) target).start(bytes), memory(source, bytes), bytes, cudart.cudaMemcpyDeviceToHost);
    }

    private void copy(Pointer target, Pointer source, long bytes, int kind) throws DeviceException {
        calls.run("cudaMemcpyAsync", () -> cudart.cudaMemcpyAsync(target, source, bytes, kind, stream));
    }

    private static Pointer memory(DeviceMemory memory, long bytes) throws DeviceException {
        if (bytes > memory.bytes()) {
            throw DeviceException.failed(
                    "a copy of " + bytes + " bytes from or to " + memory.bytes() + " bytes of GPU memory");
        }
        return ((CudaMemory) memory).start();
    }

    @Override
    public void record(DeviceEvent event) throws DeviceException {
        calls.run("cudaEventRecord", () -> cudart.cudaEventRecord(((CudaEvent) event).handle(), stream));
    }

    @Override
    public void waitFor(DeviceEvent event) throws DeviceException {
        calls.run("cudaStreamWaitEvent", () -> cudart.cudaStreamWaitEvent(stream, ((CudaEvent) event).handle(), 0));
    }

    @Override
    public void beginCapture() throws DeviceException {
        // Binds this thread only: other threads may allocate during the capture.
        calls.run(
                "cudaStreamBeginCapture",
                () -> cudart.cudaStreamBeginCapture(stream, cudart.cudaStreamCaptureModeThreadLocal));
        capturing = true;
    }

    @Override
    public CapturedGraph endCapture() throws DeviceException {
        CUgraph_st captured = new CUgraph_st();
        capturing = false;
        calls.run("cudaStreamEndCapture", () -> cudart.cudaStreamEndCapture(stream, captured));
        if (!NativePointers.isUsable(captured)) {
            throw DeviceException.failed("cudaStreamEndCapture returned no graph");
        }
        return CudaGraph.instantiate(calls, captured);
    }

    @Override
    public void launch(CapturedGraph graph) throws DeviceException {
        calls.run("cudaGraphLaunch", () -> cudart.cudaGraphLaunch(((CudaGraph) graph).handle(), stream));
    }

    /** Blocks until everything added so far is done. */
    void synchronize() throws DeviceException {
        calls.run("cudaStreamSynchronize", () -> cudart.cudaStreamSynchronize(stream));
    }

    /**
     * A status that shows a lost GPU, for calls that return none. During a capture it is always SUCCESS, since asking would break
     * the capture; the end of the capture shows a loss then.
     */
    int status() {
        return capturing ? CudaStatus.SUCCESS : cudart.cudaStreamQuery(stream);
    }

    /**
     * A status that shows a lost GPU, where there is no stream to ask. {@code cudaGetLastError} does not show it: TensorRT has a
     * CUDA runtime of its own, and its last error is another one.
     */
    static int deviceStatus() {
        return cudart.cudaStreamQuery(null);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.free("cudaStreamDestroy", () -> cudart.cudaStreamDestroy(stream));
        }
    }
}
