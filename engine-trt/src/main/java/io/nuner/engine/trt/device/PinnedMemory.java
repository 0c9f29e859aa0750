package io.nuner.engine.trt.device;

import java.nio.ByteBuffer;

/** Memory of this process that a GPU reads and writes by itself. Freed by {@link #close()}. */
public interface PinnedMemory extends AutoCloseable {
    /** All of it, in native byte order. The same buffer each time; callers slice it. */
    ByteBuffer buffer();

    /** Frees it; the buffer must not be touched afterwards. */
    @Override
    void close();
}
