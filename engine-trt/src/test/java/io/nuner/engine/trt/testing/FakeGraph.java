package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.CapturedGraph;
import java.util.List;

/** Noted work. */
final class FakeGraph implements CapturedGraph {
    private final List<FakeDevice.Work> work;
    private boolean closed;

    FakeGraph(List<FakeDevice.Work> work) {
        this.work = List.copyOf(work);
    }

    List<FakeDevice.Work> work() {
        if (closed) {
            throw new IllegalStateException("a destroyed graph is launched");
        }
        return work;
    }

    @Override
    public void close() {
        closed = true;
    }
}
