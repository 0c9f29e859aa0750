package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.DeviceMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/** Device memory; its first content is NaN to whoever reads floats. */
public final class FakeMemory implements DeviceMemory {
    private final long bytes;
    private final AtomicLong freeBytes;
    private final ByteBuffer content;
    private boolean closed;

    FakeMemory(long bytes, AtomicLong freeBytes) {
        this.bytes = bytes;
        this.freeBytes = freeBytes;
        content = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
        while (content.hasRemaining()) {
            content.put((byte) -1);
        }
        content.clear();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Part of the content; fails beyond the end. */
    ByteBuffer at(long offset, long size) {
        if (closed) {
            throw new IllegalStateException("freed memory is used");
        }
        return content.slice(Math.toIntExact(offset), Math.toIntExact(size)).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            freeBytes.addAndGet(bytes);
        }
    }
}
