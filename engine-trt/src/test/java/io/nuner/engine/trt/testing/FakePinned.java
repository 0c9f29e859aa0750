package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.PinnedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory of this process. */
final class FakePinned implements PinnedMemory {
    private final ByteBuffer buffer;

    FakePinned(long bytes) {
        buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        // nothing counts it
    }
}
