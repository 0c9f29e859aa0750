package io.nuner.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Memory outside the heap that native code reads and writes; grows to the largest batch and stays. One thread at a time.
 */
final class GrowingBuffer {
    private static final int SMALLEST = 1 << 12;

    private ByteBuffer bytes = allocate(SMALLEST);

    /** Room for {@code count} ints, from position 0; invalidates the buffers returned before. */
    IntBuffer ints(int count) {
        return room(count, Integer.BYTES).asIntBuffer();
    }

    /** Room for {@code count} floats, from position 0; invalidates the buffers returned before. */
    FloatBuffer floats(int count) {
        return room(count, Float.BYTES).asFloatBuffer();
    }

    private ByteBuffer room(int count, int size) {
        int needed = Math.multiplyExact(count, size);
        if (needed > bytes.capacity()) {
            bytes = allocate(Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.capacity() * 2L)));
        }
        return bytes.clear().limit(needed).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
