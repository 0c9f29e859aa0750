package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PinnedMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queued work. Added to by one thread at a time; run under the device's lock. */
public final class FakeStream implements DeviceStream {
    private final FakeDevice device;
    private final Deque<FakeDevice.Work> queue = new ArrayDeque<>();
    private long added;
    private long done;
    private @Nullable List<FakeDevice.Work> capture;
    private boolean captureBroken;

    FakeStream(FakeDevice device) {
        this.device = device;
    }

    @Override
    public void copyToDevice(PinnedMemory source, DeviceMemory target, long bytes) throws DeviceException {
        device.call("cudaMemcpyAsync");
        ByteBuffer from = source.buffer();
        add(() -> ((FakeMemory) target).at(0, bytes).put(from.slice(0, Math.toIntExact(bytes))));
    }

    @Override
    public void copyToHost(DeviceMemory source, PinnedMemory target, long bytes) throws DeviceException {
        device.call("cudaMemcpyAsync");
        ByteBuffer to = target.buffer();
        add(() -> to.slice(0, Math.toIntExact(bytes)).put(((FakeMemory) source).at(0, bytes)));
    }

    @Override
    public void record(DeviceEvent event) throws DeviceException {
        device.call("cudaEventRecord");
        synchronized (queue) {
            ((FakeEvent) event).recorded(this, added);
        }
    }

    @Override
    public void waitFor(DeviceEvent event) throws DeviceException {
        device.call("cudaStreamWaitEvent");
        add(((FakeEvent) event).reached()); // as recorded now, not later
    }

    @Override
    public void beginCapture() throws DeviceException {
        device.call("cudaStreamBeginCapture");
        if (capture != null) {
            throw new IllegalStateException("the stream is capturing already");
        }
        capture = new ArrayList<>();
        captureBroken = false;
    }

    @Override
    public CapturedGraph endCapture() throws DeviceException {
        List<FakeDevice.Work> noted = capture;
        capture = null;
        if (noted == null) {
            throw new IllegalStateException("the stream is not capturing");
        }
        device.call("cudaStreamEndCapture");
        if (captureBroken) {
            throw DeviceException.failed("cudaStreamEndCapture: cudaErrorStreamCaptureInvalidated");
        }
        device.captured();
        return new FakeGraph(noted);
    }

    @Override
    public void launch(CapturedGraph graph) throws DeviceException {
        device.call("cudaGraphLaunch");
        device.launched();
        for (FakeDevice.Work work : ((FakeGraph) graph).work()) {
            add(work);
        }
    }

    void note(String name) {
        add(() -> device.ran(name));
    }

    boolean isCapturing() {
        return capture != null;
    }

    void breakCapture() {
        captureBroken = true;
    }

    void add(FakeDevice.Work work) {
        if (capture != null) {
            capture.add(work);
            return;
        }
        synchronized (queue) {
            queue.add(work);
            added++;
        }
    }

    /** Runs what was added before a position. The device's lock is held. */
    void runTo(long position) throws DeviceException {
        while (done < position) {
            FakeDevice.Work next;
            synchronized (queue) {
                next = queue.remove();
            }
            done++;
            next.run();
        }
    }

    @Override
    public void close() {
        // nothing counts it
    }
}
