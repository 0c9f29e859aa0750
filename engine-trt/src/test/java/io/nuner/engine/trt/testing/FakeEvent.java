package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import org.jspecify.annotations.Nullable;

/** A place in a stream's queue. */
final class FakeEvent implements DeviceEvent {
    private final FakeDevice device;
    private volatile @Nullable Mark last;

    FakeEvent(FakeDevice device) {
        this.device = device;
    }

    void recorded(FakeStream stream, long position) {
        last = new Mark(stream, position);
    }

    /** What has to run for the event, as it was recorded last. */
    FakeDevice.Work reached() {
        Mark mark = last;
        return mark == null ? () -> {} : () -> mark.stream.runTo(mark.position);
    }

    @Override
    public void await() throws DeviceException {
        device.call("cudaEventSynchronize");
        device.whileRunning(reached());
    }

    @Override
    public void close() {
        // nothing counts it
    }

    private record Mark(FakeStream stream, long position) {}
}
